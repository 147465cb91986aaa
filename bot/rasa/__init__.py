"""Actions for rasa-sdk: an existing Rasa assistant runs our guides, answers and hand-off.

`python -m rasa_sdk --actions bot.rasa` finds them in `actions` and `forms`. Nothing else
imports this package.
"""

from bot.rasa import serving as serving  # a worker process imports nothing but this and what it calls
