"""Which number in a name is the epoch."""

from __future__ import annotations

import pytest

from headlapse.importing.epoch_names import AmbiguousError, epoch_in, epochs_in


@pytest.mark.parametrize(
    ("name", "epoch"),
    [
        ("checkpoint_epoch_00100.safetensors", 100),
        ("model_epoch_02300_loss_0.0000123.pt", 2300),
        ("epoch_2300_acc_99.pt", 2300),
        ("best_val_loss_0.01_epoch_99.ckpt", 99),
        ("model_step1e4.pt", 10_000),
        ("step=2e4.ckpt", 20_000),
        ("step143k.pt", 143_000),
        ("checkpoint-500", 500),
        ("ckpt_100_seed7.pt", 100),
        ("model.ckpt-1000", 1000),
        ("checkpoint_100.pth.tar", 100),
        ("iter_0001000", 1000),
        ("global_step300", 300),
        ("modelEpoch12.pt", 12),
        ("epoch-12.ckpt", 12),
        ("it_700.bin", 700),
        ("ep30.pt", 30),
        ("warmup_steps_1000_step_50.pt", 50),
        ("2024-01-15_12-30-05_step_5.pt", 5),
        ("epoch_100 (1).pt", 100),
        ("epoch=3-step=300.ckpt", 3),
        ("ckpt.100", 100),
        ("100.pth", 100),
        ("w0_100.pt", 100),
        ("modèle_é_300.pt", 300),
        ("m1.pth", 1),
        ("step-12,000.pt", 12_000),
        ("ckpt_1,250,000.pt", 1_250_000),
        ("epoch_2.5k.pt", 2500),
        ("step_12_000.pt", 12_000),
        ("step 12 000.pt", 12_000),
        ("step_1_250_000.pt", 1_250_000),
        ("modelEpoch12_050.pt", 12_050),
        ("seed_1_epoch_5_000_wd_1.pt", 5000),
        ("step_500_000_3.pt", 500_000),
        ("grok_p11_ep50_wd0.1_lr1e-3.pth", 50),
        ("20241103_123005_epoch_70.pt", 70),
        ("1700000000_80.pt", 80),
        ("step_20241303.pt", 20_241_303),
        ("step_1000000.pt", 1_000_000),
        ("e1000000.pt", 1_000_000),
        ("3fa2b91c_step90.pt", 90),
        ("5e10_epoch_6.pt", 6),
        ("model_2.5k.pt", 2500),
        ("03-11-2024_epoch_7.pt", 7),
        ("Nov03_step_70.pt", 70),
        ("14_Mar_2024_step_80.pt", 80),
        ("phase2_epoch20.pt", 20),
        ("a_100.pt", 100),
        ("step_1M.pt", 1_000_000),
        ("tokens_100M_step_5.pt", 5),
        ("step1000-tokens4B.pt", 1000),
        ("mlp_2x64_step_9.pt", 9),
        ("grok_10min_90.pt", 90),
        ("decoder_10.pt", 10),
        ("mark12.pt", 12),
        ("mar_100.pt", 100),
    ],
)
def test_the_epoch_in_a_name(name: str, epoch: int) -> None:
    assert epoch_in(name) == epoch


@pytest.mark.parametrize(
    "name",
    [
        "p97_frac0.30_wd1_seed0.pt",
        "final.pth",
        "2024-01-15_model.pt",
        "model_p113.pt",
        "epoch1.5.pt",
        "epoch=-1.ckpt",
        "epoch_-5.pt",
        "val_loss_3.pt",
        "my run (1)",
        "model-v2.pt",
        "20241103.pt",
        "model_20240115_123005.pt",
        "ckpt-20241103T123005Z.pt",
        "step_20241103.pt",
        "ckpt_1700000000.pt",
        "model_1700000000.25.pt",
        "1700000000123.pt",
        "model_12h30m.pt",
        "run 2024.11.03 9h05.pt",
        "3fa2b91c.pt",
        "model_7be00d11.pt",
        "03-11-2024.pt",
        "3.11.2024.pt",
        "Nov03.pt",
        "nov-3-2024.pt",
        "3_December_2024.pt",
        "model_25pct.pt",
        "model_50%.pt",
        "10min.pt",
        "2h.pt",
        "90sec.pt",
        "tokens_100M.pt",
        "model_10M.pt",
        "model_bfloat16.pt",
        "run_a100.pt",
        "gtx1080_tf32.pt",
        "100Mtokens.pt",
        "samples5000.pt",
        "step_2^10.pt",
        "step_2**4.pt",
        "epoch_3x100.pt",
        "phase1.pt",
    ],
)
def test_names_without_an_epoch(name: str) -> None:
    assert epoch_in(name) is None


def test_two_numbers_that_stand_alone_are_ambiguous() -> None:
    with pytest.raises(AmbiguousError, match="model 1 or 100"):
        epoch_in("model_1_100.pt")


@pytest.mark.parametrize(
    "name", ["step_12.000.pt", "step_1.500.pt", "step_1.500.000.pt", "step_12_345.pt", "epoch_5_001.pt", "step_1 500.pt"]
)
def test_groups_of_digits_that_may_be_two_numbers_are_ambiguous(name: str) -> None:
    with pytest.raises(AmbiguousError):
        epoch_in(name)


@pytest.mark.parametrize(
    "names", [["step_1_500.pt", "step_2_500.pt"], ["step_500.pt", "step_1_500.pt"], ["step_1.000.pt", "step_2.000.pt"]]
)
def test_groups_of_digits_in_several_names_are_ambiguous(names: list[str]) -> None:
    with pytest.raises(AmbiguousError):
        epochs_in(names)


@pytest.mark.parametrize(
    ("names", "epochs"),
    [
        (["step_500.pt", "step_1_000.pt", "step_1_500.pt", "step_12_000.pt"], [500, 1000, 1500, 12_000]),
        (["1_000.pt", "2_000.pt"], [1000, 2000]),
        (["100_1.pt", "200_1.pt"], [100, 200]),
        (["run_7_a_10.pt", "run_7_a_20.pt"], [10, 20]),
        (["epoch=0-step=100.ckpt", "epoch=0-step=200.ckpt"], [100, 200]),
        (["epoch=0-step=100.ckpt", "epoch=1-step=200.ckpt"], [0, 1]),
        (["ckpt_100_seed7.pt", "ckpt_200_seed7.pt", "final.pt"], [100, 200, None]),
        (["p13_seed0.pt", "p13_seed1.pt"], [None, None]),
    ],
)
def test_of_several_names_the_number_that_varies(names: list[str], epochs: list[int | None]) -> None:
    assert epochs_in(names) == epochs


def test_two_numbers_that_vary_are_ambiguous() -> None:
    with pytest.raises(AmbiguousError, match="0 or 100"):
        epochs_in(["0_100.pt", "1_200.pt"])
