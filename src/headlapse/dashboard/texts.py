"""All texts of the page that the server renders; those that the browser makes are in `web/core/texts.ts`."""

from __future__ import annotations

# The frame around every page
PAGES = {"explore": "Explore", "compare": "Compare", "runs": "Runs", "jobs": "Jobs"}
PAGE_LINKS = "Pages"
THEME = "Light or dark"
SHORTCUTS = "Keyboard shortcuts"
KEYBOARD = "Keyboard"
CLOSE = "Close"
NO_PAGE = "There is no page {path}"
NO_PAGE_TITLE = "Not found"
THESE_PAGES = "These are the pages of headlapse:"
STALE_PAGE = "this page belongs to an earlier start of the server; reload it"

# Slider and buttons
FOLD = "Controls"
FIRST = "First checkpoint (Home)"
BACK = "Play backwards"
PLAY = "Play (Space)"
LAST = "Last checkpoint (End)"
SPEED = "Speed of playing"
LOOP = "Loop"
LOG, LOG_HINT = "log", "Logarithmic axis of epochs"
PIN, PIN_HINT = "pin", "Keep this epoch beside the others"
FOLLOW, FOLLOW_HINT = "follow newest", "Stay at the newest checkpoint while training runs"
NOTE, NOTE_HINT = "note", "A line of text on this epoch"

# Explore
EXPORT = "export"
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
    ".html": "Page to scrub offline, HTML",
    ".npz": "Values of all epochs, NPZ",
}
COPY_AS_PYTHON = "Copy as Python"
SAVE_IMAGE, SAVE_IMAGE_HINT = "image", "Save the runs side by side as a PNG"
HIDE_STORY, HIDE_STORY_HINT, HIDE_STORY_NAME = "hide", "Leave this line out", "Hide this line"
SHOW_STORY, SHOW_STORY_HINT = "show the line under the heads", "The line on what there is to see at the shown epoch"

# How to read the pictures; the explanations are in web/dashboard/guide/guide.html
GUIDE = "How to read the pictures"
GUIDE_PARTS = "Explanations"
GUIDE_LINK, GUIDE_LINK_SHORT = "how to read the pictures", "how to read this"
GUIDE_HINT = "What axes, colours and patterns mean"

# Runs
PLOT_AXES = {"plot-y": "Plot", "plot-x": "against", "plot-by": "grouped by"}
COMPARE, COMPARE_HINT = "compare the chosen", "Open the chosen runs side by side"
WALL, WALL_HINT = "wall of heads", "The heads of these runs side by side"
TRASH, TRASH_HINT = "trash", "Deleted runs: put them back, or delete them for good"
TRASH_TITLE = "Trash"
EMPTY_TRASH, EMPTY_TRASH_HINT = "Empty the trash", "Delete these runs for good"
SAVE_WALL_HINT = "Save the wall as an image"
TABLE_HINT = "The whole table as a file"
LABEL, LABEL_HINT = "label", "A name for the chosen run, in place of that of its folder"
TAGS, TAGS_HINT = "tags", "Tags of the chosen runs, separated by commas"
HIDE, HIDE_HINT = "hide", "Leave the chosen runs out of the table; the filter “hidden” shows them"
DELETE, DELETE_HINT = "delete", "Move the chosen runs to the trash"
SAVE_PLOT_HINT = "Save this plot"
SAVE_LOSSES_HINT = "Save the chart of test losses"

# Jobs: the form
TRAIN = "Train a variant"
FAMILY = "Family"
START_TRAINING = "Start training"
SETTINGS = {"lr": "learning rate", "beta1": "Adam β₁", "beta2": "Adam β₂"}
NOT_STARTED = "Not started: {problem}"
STARTED = "{run}: {state}"

# Jobs: the list
JOBS = "Jobs"
NO_JOBS = "No jobs yet. Jobs continue when this page or the server is closed."
JOB_KINDS = {"train": "Training", "analyze": "Analysis"}
GO_ON = {"cancelled": "Continue", "failed": "Try again"}
GO_ON_HINT = "Goes on from what was saved."
PROGRESS = "Progress"
QUEUED = "Waiting for earlier jobs"
STARTING = "Starting"
NEVER_STARTED = "Stopped before it started"
OF_ALL = "{done} of {all:,}"
LOSS = "{kind} loss {loss}"
TIME_LEFT = "{duration} left"
CANCEL, CANCEL_HINT = "Cancel", "Finishes the current step, then saves."
STOPPING = "Stopping"
END_NOW, END_NOW_HINT = "End now", "It does not stop. What it saved last is kept, and can be continued."
JOB_LOG = "Log"
