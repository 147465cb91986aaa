"""python -m bot"""

import gc

# Collecting while modules and content load makes every start a fifth slower. A bot that runs on switches
# it on again (`wiring.running`), and so does training; the other commands are over before it would matter.
gc.disable()

from bot.cli import app  # noqa: E402

app(prog_name="python -m bot")
