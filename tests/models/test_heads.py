from headlapse.models.heads import head_labels


def test_heads_are_numbered_with_one_layer_and_placed_with_more() -> None:
    assert head_labels(1, 3) == ("Head 0", "Head 1", "Head 2")
    assert head_labels(3, 2) == ("L0H0", "L0H1", "L1H0", "L1H1", "L2H0", "L2H1")
