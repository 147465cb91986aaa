"""Telegram: its updates become events, replies become its messages. This alone imports no aiogram."""
