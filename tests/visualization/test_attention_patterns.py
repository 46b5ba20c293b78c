"""Every cell carries its own number, so that no two axes, heads or positions can be swapped unseen."""

from itertools import pairwise

import numpy as np
import pytest

from headlapse.errors import HeadlapseError
from headlapse.families.axes import Axis
from headlapse.models.heads import head_labels
from headlapse.results.run import RunLabels
from headlapse.visualization import render_attention_heads, render_attention_single_head
from headlapse.visualization.views import ViewRegistry

LABELS = ["a", "b", "="]


def distinct_patterns(n_heads=4, n_positions=3, p=5):
    shape = (n_heads, n_positions, n_positions, p, p)
    size = int(np.prod(shape))
    return (np.arange(size, dtype=np.float32) / size).reshape(shape)


@pytest.fixture
def epoch_data():
    return {"patterns": distinct_patterns()}


@pytest.mark.parametrize("n_heads", [1, 2, 3, 4, 5, 8])
def test_one_heat_map_per_head(n_heads):
    patterns = distinct_patterns(n_heads)
    figure = render_attention_heads({"patterns": patterns}, 100, to_position=2, from_position=1)
    assert [trace.type for trace in figure.data] == ["heatmap"] * n_heads
    for head, trace in enumerate(figure.data):
        np.testing.assert_array_equal(trace.z, patterns[head, 2, 1])
        assert trace.z[3][1] == patterns[head, 2, 1, 3, 1], "rows are a, columns are b"
        assert trace.name == f"Head {head}"


def test_default_pair_is_last_position_attending_to_first(epoch_data):
    figure = render_attention_heads(epoch_data, 0)
    np.testing.assert_array_equal(figure.data[3].z, epoch_data["patterns"][3, 2, 0])


def test_single_head(epoch_data):
    figure = render_attention_single_head(epoch_data, 10400, head_idx=-2, to_position=1, from_position=-3)
    (trace,) = figure.data
    np.testing.assert_array_equal(trace.z, epoch_data["patterns"][2, 1, 0])
    assert trace.name == "Head 2"
    assert [note.text for note in figure.layout.annotations] == ["Head 2"]


@pytest.mark.parametrize("render", [render_attention_heads, render_attention_single_head])
class TestBothRenderers:
    def test_title_in_the_labels_given(self, render, epoch_data):
        title = render(epoch_data, 10400, position_labels=LABELS).layout.title.text
        assert "= attending to a" in title
        assert "10,400" in title

    def test_title_without_labels(self, render, epoch_data):
        assert "position 2 attending to position 0" in render(epoch_data, 0).layout.title.text

    def test_title_given(self, render, epoch_data):
        assert render(epoch_data, 0, title="mine").layout.title.text == "mine"

    def test_labels_are_shown_as_they_are(self, render, epoch_data):
        title = render(epoch_data, 0, position_labels=["<s>", "b", "="]).layout.title.text
        assert "attending to &lt;s&gt;" in title

    def test_one_color_axis_from_0_to_1_whatever_the_data(self, render, epoch_data):
        figure = render({"patterns": epoch_data["patterns"] * 0.01}, 0)
        assert {trace.coloraxis for trace in figure.data} == {"coloraxis"}
        assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 1)

    def test_color_range_of_the_epoch(self, render, epoch_data):
        figure = render(epoch_data, 0, color_range="epoch")
        shown = np.stack([trace.z for trace in figure.data])
        assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (shown.min(), shown.max())

    def test_color_range_given(self, render, epoch_data):
        axis = render(epoch_data, 0, color_range=(0.25, 0.5)).layout.coloraxis
        assert (axis.cmin, axis.cmax) == (0.25, 0.5)

    @pytest.mark.parametrize(("origin", "ends"), [("upper", (4.5, -0.5)), ("lower", (-0.5, 4.5))])
    def test_square_cells_and_origin(self, render, origin, ends, epoch_data):
        layout = render(epoch_data, 0, origin=origin).layout
        assert layout.yaxis.range == ends
        assert layout.xaxis.range == (-0.5, 4.5)
        assert layout.yaxis.scaleanchor == "x"
        assert (layout.yaxis.title.text, layout.xaxis.title.text or layout.xaxis3.title.text) == ("a", "b")

    def test_hover_names_head_a_b_and_weight(self, render, epoch_data):
        hover = render(epoch_data, 0).data[0].hovertemplate
        for part in ("Head 0", "a = %{y}", "b = %{x}", "%{z"):
            assert part in hover

    def test_size(self, render, epoch_data):
        layout = render(epoch_data, 0, width=801, height=402).layout
        assert (layout.width, layout.height) == (801, 402)

    @pytest.mark.parametrize("position", [3, -4, 99])
    @pytest.mark.parametrize("name", ["to_position", "from_position"])
    def test_position_out_of_range(self, render, name, position, epoch_data):
        with pytest.raises(IndexError, match=rf"{name} {position} .*valid: -3 to 2"):
            render(epoch_data, 0, **{name: position})

    @pytest.mark.parametrize("shape", [(2, 4, 3, 3, 5, 5), (4, 3, 5, 5), (0, 3, 3, 5, 5), (4, 3, 3, 5, 0)])
    def test_wrong_shape(self, render, shape):
        with pytest.raises(ValueError, match=r"\(n_heads, n_to, n_from, a, b\), got"):
            render({"patterns": np.zeros(shape, np.float32)}, 0)

    def test_of_three_axes_the_first_two_are_shown_at_the_start_of_the_third(self, render):
        patterns = np.arange(4 * 3 * 3 * 2 * 5 * 6, dtype=np.float32).reshape(4, 3, 3, 2, 5, 6)
        figure = render({"patterns": patterns}, 0, axis_names=("x", "y", "z"))
        np.testing.assert_array_equal(figure.data[0].z, patterns[0, 2, 0, :, :, 0])
        assert "z = 0" in figure.layout.title.text

    def test_axes_of_different_sizes_keep_their_places(self, render):
        patterns = np.arange(4 * 3 * 3 * 2 * 5, dtype=np.float32).reshape(4, 3, 3, 2, 5)
        figure = render({"patterns": patterns}, 0, axis_names=("x", "y"), head_labels=["L0H0", "L0H1", "L1H0", "L1H1"])
        np.testing.assert_array_equal(figure.data[0].z, patterns[0, 2, 0])
        assert "x = %{y}, y = %{x}" in figure.data[0].hovertemplate and figure.data[0].name == "L0H0"

    def test_missing_array(self, render):
        with pytest.raises(HeadlapseError, match="'patterns'; known: weights"):
            render({"weights": np.zeros(3)}, 0)

    def test_wrong_number_of_labels(self, render, epoch_data):
        with pytest.raises(ValueError, match="name 3 positions"):
            render(epoch_data, 0, position_labels=["a", "b"])

    @pytest.mark.parametrize(
        ("look", "message"),
        [
            ({"origin": "left"}, "'upper' or 'lower'"),
            ({"color_range": "all"}, "'fixed', 'epoch' or low < high"),
            ({"color_range": (1, 0)}, "low < high"),
            ({"scale": "jet"}, "known: cividis, magma, puor, rdbu, viridis"),
            ({"columns": -1}, "columns must be a whole number >= 1, got -1"),
        ],
    )
    def test_errors_name_what_is_allowed(self, render, look, message, epoch_data):
        with pytest.raises(HeadlapseError, match=message):
            render(epoch_data, 0, **look)


@pytest.mark.parametrize("head", [4, -5])
def test_head_out_of_range(head, epoch_data):
    with pytest.raises(IndexError, match=rf"head_idx {head} .*valid: -4 to 3"):
        render_attention_single_head(epoch_data, 0, head_idx=head)


@pytest.mark.parametrize(("n_heads", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 2, 2), (7, 3, 3), (8, 4, 2)])
def test_balanced_grid(n_heads, columns, rows):
    run = RunLabels(head_labels(1, n_heads), tuple(LABELS), (Axis("a", 5), Axis("b", 5)))
    picture = ViewRegistry.get("attention_heads_grid").draw({"patterns": distinct_patterns(n_heads)}, 0, run)
    assert (picture.columns, picture.rows) == (columns, rows)


def test_four_in_a_row(epoch_data):
    figure = render_attention_heads(epoch_data, 0, columns=4)
    domains = [figure.layout[f"xaxis{n}"].domain for n in ("", 2, 3, 4)]
    assert all(left[1] < right[0] for left, right in pairwise(domains))


@pytest.mark.parametrize("name", ["attention_heads_grid", "attention_single_head", "attention_positions"])
@pytest.mark.parametrize("axes", [(7,), (4, 7), (2, 4, 5)], ids=str)
def test_every_option_of_every_control_renders(name, axes):
    names = tuple(Axis(name, size) for name, size in zip("abc", axes, strict=False))
    run = RunLabels(("L0H0", "L0H1", "L1H0", "L1H1"), tuple(LABELS), names)
    arrays = {"patterns": np.linspace(0, 1, 36 * int(np.prod(axes)), dtype=np.float32).reshape(4, 3, 3, *axes)}
    view = ViewRegistry.get(name)
    for control in view.controls_of(run):
        for option in control.options(arrays, run):
            assert view.figure(arrays, 0, run, **view.arguments({control.name: option.value}, run)).data
