import io
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headlapse.errors import HeadlapseError
from headlapse.export import animations, draw_view, export_view, select_epochs
from headlapse.export.layout import Layout
from headlapse.visualization.views import ViewRegistry
from tests.dashboard.runs import make_variant
from tests.waiting import SECONDS

VIEW = ViewRegistry.get("attention_heads_grid")


def frames_of(path):
    """The frames of an animation and how long each is shown, in ms."""
    found = []
    with Image.open(path) as image:
        for frame in range(image.n_frames):
            image.seek(frame)
            image.load()
            found.append((np.asarray(image.convert("RGB")), image.info["duration"]))
    return found


def still(path):
    return Image.open(io.BytesIO(path.read_bytes()))


def cell_colors(image, picture, losses=True):
    """The pixel in the middle of each cell, `(panel, a, b, rgb)`."""
    layout = Layout.of(picture, 1, losses)
    p, cell = picture.values.shape[-1], layout.cell
    middles = np.arange(p) * cell + cell // 2
    return np.stack([image[box.top + middles][:, box.left + middles] for box in layout.panels])


def picture_at(variant, epoch, **arguments):
    return VIEW.draw(variant.artifacts.load_epoch("attention_patterns", epoch), epoch, variant.labels, **arguments)


def test_png_shows_the_epoch_asked_for(variant, folder):
    path = export_view(variant, "heads.png", epochs=100, choices={"pair": "2:1"})
    shown = picture_at(variant, 100, to_position=2, from_position=1)
    image = np.asarray(still(path))
    np.testing.assert_array_equal(cell_colors(image, shown, losses=False), shown.colors.paint(shown.values))


def test_png_shows_the_newest_epoch_unless_asked(variant, folder):
    newest = export_view(variant, "newest.png").read_bytes()
    assert newest == export_view(variant, "last.png", epochs=variant.epochs[-1]).read_bytes()


@pytest.mark.parametrize(("suffix", "tolerance"), [(".gif", 6), (".webp", 6)])
def test_animation_frames_in_order_with_their_durations(variant, folder, suffix, tolerance):
    frames = frames_of(export_view(variant, f"heads{suffix}", fps=10))
    assert [duration for _, duration in frames] == [100, 100, 100, 1500]
    for (image, _), epoch in zip(frames, variant.epochs, strict=True):
        shown = picture_at(variant, epoch)
        difference = cell_colors(image, shown).astype(int) - shown.colors.paint(shown.values)
        assert abs(difference).max() <= tolerance


def test_mp4_plays_all_frames(variant, folder):
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="MP4 is in the extra video")
    path = export_view(variant, "heads.mp4", fps=10)
    assert imageio_ffmpeg.count_frames_and_secs(str(path)) == (4 + 15, 1.9), "the last frame stays 1.5 s longer"
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    decode = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), *raw]
    decoded = subprocess.check_output(decode, timeout=SECONDS)
    shown = picture_at(variant, 0)
    layout = Layout.of(shown, 1, losses=True)
    first = np.frombuffer(decoded, np.uint8).reshape(4 + 15, -1, layout.width, 3)[0]
    difference = cell_colors(first, shown).astype(int) - shown.colors.paint(shown.values)
    assert abs(difference).mean() < 4


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<svg"), (".pdf", b"%PDF")])
def test_vector_formats(variant, folder, suffix, start):
    pytest.importorskip("kaleido", reason="SVG and PDF are in the extra vector")
    if shutil.which("chromium") is None and shutil.which("google-chrome") is None:
        pytest.skip("there is no Chrome or Chromium on the PATH")
    assert export_view(variant, f"heads{suffix}").read_bytes().startswith(start)


LINES = ("Kaleido requires a browser that can be installed.", "A long story follows.")
TEXT = "\n\nKaleido requires Google Chrome to be installed.\n\nA long story follows."


@pytest.mark.parametrize("said", [TEXT, LINES])
def test_vector_format_without_a_browser(variant, folder, monkeypatch, said):
    import plotly.graph_objects as go

    def refuse(*arguments, **options):
        raise RuntimeError(said)

    monkeypatch.setattr(go.Figure, "to_image", refuse)
    with pytest.raises(HeadlapseError, match=r"^SVG cannot be drawn \(Kaleido requires .* installed\.\); install .*vector"):
        export_view(variant, "heads.svg")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize(
    ("shell", "reason"),
    [
        ('ulimit -f 4; exec "$@"', "ffmpeg ended with -"),
        ("echo No space left on device >&2; exit 1", "No space left on device"),
    ],
)
def test_a_video_that_cannot_be_encoded_is_refused(variant, folder, monkeypatch, shell, reason):
    """ffmpeg writes into the temporary folder, which may be full while the folder of the export is not."""
    pytest.importorskip("imageio_ffmpeg", reason="MP4 is in the extra video")
    encoder = animations._encoder
    monkeypatch.setattr(animations, "_encoder", lambda *given: ["sh", "-c", shell, "sh", *encoder(*given)])
    with pytest.raises(HeadlapseError, match=rf"^the video cannot be encoded \({reason}.*set TMPDIR"):
        export_view(variant, "heads.mp4")
    assert not Path("heads.mp4").exists()


def test_mp4_without_its_extra(variant, folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(HeadlapseError, match=r"pip install 'headlapse\[video\]'"):
        export_view(variant, "heads.mp4")


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "heads_e0-10400.gif"),
        ({"epochs": 100}, "heads_e100.png"),
        ({"epochs": [0, 100], "choices": {"pair": "1:0"}}, "heads_e0-100_pair-1-0.gif"),
        (
            {"view": "attention_single_head", "epochs": 0, "choices": {"head": "3", "color": "around-1/3"}},
            "single_head_e0_head-3_color-around-1-3.png",
        ),
    ],
)
def test_names_say_variant_view_epochs_and_pair(variant, folder, options, name):
    for output in (None, folder):
        assert export_view(variant, output, **options).name == f"{variant.short_label}_{name}"


@pytest.mark.parametrize("ending", [".png", ".gif", ".webp", ".html"])
def test_the_whole_identity_is_inside_the_file(variant, ending):
    drawing = draw_view(variant, ending, epochs=100, choices={"from": "1"})
    whole = f"headlapse: variant={variant.family_name}/{variant.name}, view=attention_heads_grid, epoch=100, to=2, from=1"
    assert drawing.identity.startswith(whole)
    assert drawing.identity.encode() in drawing.content


def test_a_file_of_another_variant_is_not_written_over(variant, folder):
    (folder / f"{variant.short_label}_heads_e100.png").write_bytes(b"of another one")
    again = [export_view(variant, folder, epochs=100).name for _ in range(2)]
    assert again == [f"{variant.short_label}_heads_e100_2.png"] * 2


def test_an_epoch_may_be_one_of_numpy(variant, folder):
    epoch = np.array(variant.epochs)[1]
    assert export_view(variant, epochs=epoch).name.endswith("_heads_e100.png")


def test_draw_view_writes_nothing(variant, folder):
    drawing = draw_view(variant, ".png", epochs=100)
    assert drawing.name == f"{variant.short_label}_heads_e100.png"
    assert list(folder.iterdir()) == []
    assert export_view(variant, epochs=100).read_bytes() == drawing.content


def test_color_range_of_a_time_lapse_does_not_jump(tmp_path):
    faint, strong = np.full((4, 1, 1, 2, 2), 0.2, np.float32), np.full((4, 1, 1, 2, 2), 0.6, np.float32)
    from headlapse.export.timelapse import timelapse
    from tests.dashboard.runs import add_artifact

    variant = make_variant(tmp_path, [0, 100], analysed=[])
    labels = variant.family.position_labels
    for epoch, weight in ((0, faint), (100, strong)):
        patterns = np.broadcast_to(np.resize(weight, (7, 7)), (4, len(labels), len(labels), 7, 7))
        add_artifact(variant, epoch, {"patterns": np.ascontiguousarray(patterns)})
    scales = [frame.picture.colors for frame in timelapse(variant, VIEW, [0, 100], {"color": "epoch"})]
    assert {(round(scale.low, 6), round(scale.high, 6)) for scale in scales} == {(0.2, 0.6)}


def test_an_epoch_that_cannot_be_read_is_left_out_of_a_time_lapse(tmp_path):
    variant = make_variant(tmp_path / "results", [0, 100, 200])
    variant.artifacts.paths.file("attention_patterns", 100).write_bytes(b"PK")
    with pytest.warns(UserWarning, match="epoch 100 is left out: .*epoch_00100.npz"):
        path = export_view(variant, tmp_path / "heads.gif")
    assert len(frames_of(path)) == 2
    with pytest.raises(HeadlapseError, match=r"epoch_00100\.npz.*headlapse analyze"):
        export_view(variant, tmp_path / "heads.png", epochs=100)


def test_choices_in_words(variant, folder):
    in_words = export_view(variant, "words.png", choices={"pair": "= attending to b"})
    assert in_words.read_bytes() == export_view(variant, "values.png", choices={"pair": "2:1"}).read_bytes()


def test_progress_counts_every_frame(variant, folder):
    seen = []
    export_view(variant, "heads.gif", progress=lambda *step: seen.append(step))
    assert seen == [(1, 4, 0), (2, 4, 100), (3, 4, 200), (4, 4, 10_400)]


@pytest.mark.parametrize(
    ("output", "options", "message"),
    [
        ("heads.bmp", {}, "must end in one of .png, .svg, .pdf, .gif, .webp, .mp4, .html"),
        ("heads.png", {"epochs": [0, 100]}, ".png shows one epoch, not 2"),
        ("heads.gif", {"epochs": []}, "name at least one epoch"),
        ("heads.png", {"epochs": 50}, "epoch 50 is not there; nearest: 0, 100"),
        ("heads.png", {"view": "nope"}, "unknown view 'nope'; known: .*attention_heads_grid, .*attention_single_head"),
        ("heads.png", {"choices": {"colour": "fixed"}}, "known: color, columns, from, order, origin, pair, scale, to, waves"),
        ("heads.png", {"choices": {"pair": "3:0"}}, "to_position 3 is out of range; valid: -3 to 2"),
        ("heads.png", {"theme": "pink"}, "unknown theme 'pink'; known: auto, dark, light"),
        ("heads.png", {"scale": 0}, "scale must be a whole number from 1 to 8, got 0"),
        ("heads.png", {"scale": 1.5}, "scale must be a whole number from 1 to 8, got 1.5"),
        ("heads.gif", {"fps": 0.0}, "fps must be from 0.1 to 50"),
    ],
)
def test_errors_say_what_is_allowed_and_leave_no_file(variant, folder, output, options, message):
    with pytest.raises(HeadlapseError, match=message.replace("(", r"\(")):
        export_view(variant, output, **options)
    assert list(folder.iterdir()) == []


def test_a_variant_without_artifacts_says_what_to_run(tmp_path):
    variant = make_variant(tmp_path, [0, 100], analysed=[])
    with pytest.raises(HeadlapseError, match=f"headlapse analyze {variant.name}"):
        export_view(variant, tmp_path / "heads.png")


@pytest.mark.parametrize("name", ["heads.png", "heads.gif", "heads.html"])
def test_damaged_losses_hide_no_picture(tmp_path, name):
    variant = make_variant(tmp_path, [0, 100])
    content = bytearray(variant.paths.losses.read_bytes())
    content[24] ^= 1
    variant.paths.losses.write_bytes(content)
    with pytest.warns(UserWarning, match=r"the losses are left out: .*losses\.f64") as warned:
        assert export_view(variant, tmp_path / name, choices={"color": "epoch"}).stat().st_size > 1000
    assert len(warned) == 1
    with pytest.warns(UserWarning, match="the losses are left out"):
        assert "train loss" in repr(variant.at(100))


def test_select_epochs(variant):
    name = VIEW.name
    assert select_epochs(variant, name) == [0, 100, 200, 10_400]
    assert select_epochs(variant, name, epoch=100) == [100]
    assert select_epochs(variant, name, first=50, last=200) == [100, 200]
    assert select_epochs(variant, name, most=2) == [0, 10_400]
    with pytest.raises(IndexError, match="there are 0 to 10,400"):
        select_epochs(variant, name, first=10_401)
    with pytest.raises(ValueError, match="frames must be a whole number >= 1"):
        select_epochs(variant, name, most=0)


def test_dark_and_light_differ(variant, folder):
    light, dark = (still(export_view(variant, f"{theme}.png", theme=theme)) for theme in ("light", "dark"))
    assert light.getpixel((0, 0)) == (255, 255, 255)
    assert sum(dark.getpixel((0, 0))) < 100


def test_scale_enlarges(variant, folder):
    once, twice = (still(export_view(variant, Path("x.png"), scale=n)) for n in (1, 2))
    assert abs(twice.width - 2 * once.width) < 40
