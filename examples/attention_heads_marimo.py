"""The notebook attention_heads.ipynb for marimo: `marimo edit examples/attention_heads_marimo.py`."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import plotly.express as px

    import headlapse
    from headlapse.visualization import lock_in_rows, render_losses

    epochs = 3_000
    results = "results"
    return epochs, headlapse, lock_in_rows, mo, px, render_losses, results


@app.cell
def _(mo):
    mo.md("""
    # Attention heads of a model that learns modular addition

    A one-layer transformer reads `[a, b, =]` and answers `(a + b) mod p`. The two runs have the same initial
    weights and the same data; only the weight decay differs. Training continues where an earlier run stopped.
    """)


@app.cell
def _(epochs, headlapse, results):
    family = headlapse.load_family("modulo_addition_1layer")
    checkpoints = range(0, epochs + 1, max(1, epochs // 60))
    common = {"prime": 31, "train_fraction": 0.6, "results": results}
    grokking = family.variant(**common).train(epochs, checkpoint_epochs=checkpoints)
    memorising = family.variant(weight_decay=0.0, **common).train(epochs, checkpoint_epochs=checkpoints)
    return family, grokking, memorising


@app.cell
def _(grokking, memorising, mo, render_losses):
    mo.vstack(
        [
            render_losses(run.losses.train, run.losses.test, title=f"weight decay {run.settings['weight_decay']}")
            for run in (grokking, memorising)
        ]
    )


@app.cell
def _(family, grokking, px):
    average = grokking.patterns(grokking.epochs[-1]).mean(axis=(-1, -2))
    labels = family.position_labels
    px.imshow(average, facet_col=0, x=labels, y=labels, zmin=0, zmax=1, labels={"x": "from", "y": "to"}, text_auto=".2f")


@app.cell
def _(grokking):
    last = grokking.at(grokking.epochs[-1])
    last.view("attention_single_head", head_idx=0, to_position=-1, from_position=0).figure()
    return (last,)


@app.cell
def _(grokking, last, memorising, mo):
    mo.vstack(
        [
            grokking.at(0).view("attention_heads_grid").figure(),
            last.view("attention_heads_grid").figure(),
            memorising.at(memorising.epochs[-1]).view("attention_heads_grid").figure(),
        ]
    )


@app.cell
def _(grokking, memorising, mo):
    mo.vstack([run.at(run.epochs[-1]).view("attention_lock_in_timeline").figure() for run in (grokking, memorising)])


@app.cell
def _(grokking, lock_in_rows, memorising):
    lock_in_rows([(run.name, run.artifacts.load_run("attention_lock_in")) for run in (grokking, memorising)])


@app.cell
def _(grokking, headlapse, mo):
    mo.ui.anywidget(headlapse.scrub(grokking))


if __name__ == "__main__":
    app.run()
