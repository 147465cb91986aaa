"""Actions for rasa-sdk: an existing Rasa assistant runs our guides, answers and hand-off.

`python -m rasa_sdk --actions bot.rasa` finds them in `actions` and `forms`. Nothing else
imports this package.
"""
