import subprocess
import sys

from tests.waiting import SECONDS


def test_views_and_renderers_load_neither_torch_nor_transformer_lens():
    code = (
        "import sys; from headlapse.visualization import render_attention_heads; "
        "from headlapse.visualization.views import ViewRegistry; ViewRegistry.names(); "
        "print({'torch', 'transformer_lens'} & set(sys.modules))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=SECONDS)
    assert printed.strip() == "set()"
