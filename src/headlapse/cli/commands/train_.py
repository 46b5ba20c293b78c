"""The command `headlapse train`."""

from __future__ import annotations

from typing import Annotated

import typer

from headlapse.cli.errors import Interrupted
from headlapse.cli.options import (
    DEFAULT_RESULTS,
    Families,
    NumberOption,
    Results,
    Threads,
    WholeOption,
    given_texts,
    parse_settings,
    registry,
)
from headlapse.errors import counted
from headlapse.workbench import Variant


def command(
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="Family to train, e.g. modulo_addition_1layer.")],
    prime: Annotated[str | None, WholeOption(help="Modulus p.")] = None,
    seed: Annotated[str | None, WholeOption(help="Seed of the initial weights.")] = None,
    data_seed: Annotated[str | None, typer.Option(metavar="INTEGER", help="Seed of the train/test split.")] = None,
    epochs: Annotated[
        str | None, typer.Option(metavar="INTEGER", help="Total number of optimizer steps, including earlier ones.")
    ] = None,
    checkpoint_every: Annotated[str | None, WholeOption(help="Epochs between checkpoints.")] = None,
    checkpoints: Annotated[
        str, typer.Option(metavar="SCHEDULE", help="fixed, or adaptive: dense where the model changes quickly.")
    ] = "fixed",
    budget: Annotated[int | None, typer.Option(help="Maximum number of adaptive checkpoints.", show_default="250")] = None,
    test_every: Annotated[int, typer.Option(min=1, help="Epochs between test losses; checkpoints always have one.")] = 1,
    train_fraction: Annotated[str | None, NumberOption(help="Fraction of pairs used for training.")] = None,
    weight_decay: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="AdamW weight decay; 0 memorises without grokking.")
    ] = None,
    lr: Annotated[str | None, NumberOption(help="AdamW learning rate.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any other setting of the family.")
    ] = None,
    results: Results = DEFAULT_RESULTS,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Threads = None,
    no_analyze: Annotated[bool, typer.Option("--no-analyze", help="Do not analyse checkpoints.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Start over; the earlier run is kept under another name.")] = False,
    families: Families = None,
) -> None:
    """Train a variant, or continue its earlier run. Ctrl-C is safe: run the same command again to continue."""
    chosen = registry(families).get(family)
    texts = {"prime": prime, "seed": seed, "data_seed": data_seed}
    texts |= {"train_fraction": train_fraction, "weight_decay": weight_decay, "lr": lr}
    variant = chosen.variant(results=results, **parse_settings(chosen, given_texts(texts, set_)))
    schedule = chosen.spec.schedule
    total = None if epochs is None else int(schedule.epochs.parse("epochs", epochs))
    every = None if checkpoint_every is None else int(schedule.checkpoint_every.parse("checkpoint_every", checkpoint_every))
    try:
        variant.train(
            total,
            checkpoint_every=every,
            checkpoints=checkpoints,
            budget=budget,
            test_every=test_every,
            analyze=not no_analyze,
            device=device,
            threads=threads,
            restart=restart,
        )
    except KeyboardInterrupt as error:
        raise Interrupted(_saved(variant)) from error
    except SystemExit:  # after SIGTERM
        typer.echo(_saved(variant), err=True)
        raise
    checkpoints = counted(len(variant.checkpoint_epochs), "checkpoint")
    typer.echo(f"{variant.name}: {checkpoints}, {variant.state}, in {variant.paths.root}")


def _saved(variant: Variant) -> str:
    """The state that a cancelled run has saved, and how to continue it."""
    status = variant.run_state.status
    if "epoch" not in status:
        return "cancelled before the first epoch; run the same command again to start"
    return f"cancelled; epoch {status['epoch']:,} is saved in {variant.paths.root}; run the same command again to continue"
