"""All texts that the server renders; texts that the browser renders are in `web/core/texts.ts`."""

from __future__ import annotations

# The frame around every page
PAGES = {"explore": "Explore", "compare": "Compare", "runs": "Runs", "jobs": "Jobs"}
PAGE_LINKS = "Pages"
THEME = "Light or dark theme"
SHORTCUTS = "Keyboard shortcuts"
CLOSE = "Close"
NO_PAGE = "There is no page {path}"
NO_PAGE_TITLE = "Not found"
THESE_PAGES = "These are the pages of headlapse:"
STALE_PAGE = "the server has been restarted; reload this page"

# Slider and buttons
FOLD = "Controls"
FIRST = "First checkpoint (Home)"
BACK = "Play backwards"
PLAY = "Play (Space)"
LAST = "Last checkpoint (End)"
SPEED = "Playback speed"
LOOP = "Loop"
LOG, LOG_HINT = "log", "Logarithmic epoch axis"
PIN, PIN_HINT = "pin", "Pin this epoch to compare it with others"
FOLLOW, FOLLOW_HINT = "follow newest", "Stay at the newest checkpoint during training"
NOTE, NOTE_HINT = "note", "Write a note on this epoch"

# Explore
EXPORT, EXPORT_SIDES = "export", "export sides"
EXPORTS_OF_AN_EPOCH = {
    ".png": "This epoch, PNG",
    ".svg": "This epoch, SVG",
    ".pdf": "This epoch, PDF",
    ".csv": "Values of this epoch, CSV",
    ".npz": "Values of this epoch, NPZ",
}
EXPORTS_OF_THE_RUN = {
    ".gif": "Time-lapse, GIF",
    ".webp": "Time-lapse, WebP",
    ".mp4": "Time-lapse, MP4",
    ".html": "Offline page, HTML",
    ".npz": "Values of all epochs, NPZ",
}
COPY_AS_PYTHON = "Copy as Python"
HIDE_STORY, HIDE_STORY_HINT = "hide", "Hide this line"
SHOW_STORY, SHOW_STORY_HINT = "show the line under the heads", "Show the line that describes the shown epoch"

# How to read the pictures; the explanations are in web/dashboard/guide/guide.html
GUIDE = "How to read the pictures"
GUIDE_PARTS = "Explanations"
GUIDE_LINK, GUIDE_LINK_SHORT = "how to read the pictures", "how to read this"
GUIDE_HINT = "What axes, colours and patterns mean"

# Runs
PLOT_AXES = {"plot-y": "Plot", "plot-x": "against", "plot-by": "grouped by"}
COMPARE, COMPARE_HINT = "compare selected", "Open the selected runs side by side"
WALL, WALL_HINT = "wall of heads", "Show the heads of these runs side by side"
TRASH, TRASH_HINT = "trash", "Restore deleted runs, or delete them permanently"
TRASH_TITLE = "Trash"
EMPTY_TRASH, EMPTY_TRASH_HINT = "Empty the trash", "Delete these runs permanently"
SAVE_WALL_HINT = "Save the wall as an image"
TABLE_HINT = "Save the whole table"
LABEL, LABEL_HINT = "label", "Give the selected run a label, which is shown in place of its name"
TAGS, TAGS_HINT = "tags", "Tag the selected runs"
HIDE, HIDE_HINT = "hide", "Hide the selected runs; the filter “hidden” shows them"
DELETE, DELETE_HINT = "delete", "Move the selected runs to the trash"
SAVE_PLOT_HINT = "Save this plot"
SAVE_LOSSES_HINT = "Save the chart of test losses"

# Jobs: the form
TRAIN = "Train a variant"
FAMILY = "Family"
START_TRAINING = "Start training"
SETTINGS = {
    "prime": "modulus p",
    "seed": "seed of the weights",
    "data_seed": "seed of the data split",
    "train_fraction": "training fraction",
    "checkpoint_every": "epochs between checkpoints",
    "lr": "learning rate",
    "beta1": "Adam β₁",
    "beta2": "Adam β₂",
}
NUMBERS = {"integer": "Must be a whole number", "number": "Must be a number"}
FROM_TO = "{number} from {least} to {most}"
LIMITS = {
    "minimum": "at least {bound}",
    "exclusive_minimum": "above {bound}",
    "maximum": "at most {bound}",
    "exclusive_maximum": "below {bound}",
}
BOTH_LIMITS = " and "
ONE_OF = "Must be one of {choices}"
NOT_STARTED = "Not started: {problem}"
MARKED_FIELDS = "see the marked field", "see the marked fields"
NO_FIELDS_YET = "the fields of this family are still loading; try again"
STARTED = "Added to the jobs: {run}"

# Jobs: the list
JOBS = "Jobs"
NO_JOBS = "No jobs yet. Jobs keep running when this page is closed or the server is stopped."
JOB_KINDS = {"train": "Training", "analyze": "Analysis"}
GO_ON = {"cancelled": "Continue", "failed": "Try again"}
GO_ON_HINT = "Continues from the last saved state."
PROGRESS = "Progress"
QUEUED = "Waiting for earlier jobs"
STARTING = "Starting"
NEVER_STARTED = "Stopped before it started"
OF_ALL = "{done} of {all:,}"
LOSS = "{kind} loss {loss}"
TIME_LEFT = "{duration} left"
CANCEL, CANCEL_HINT = "Cancel", "Finishes the current step, then saves."
STOPPING = "Stopping"
END_NOW, END_NOW_HINT = "End now", "The job does not respond. Ends it; the last saved state is kept."
JOB_LOG = "Log"
