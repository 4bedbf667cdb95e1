"""Pages in plain HTML for people without an account: what is on, apply, look up, join as a helper, questionnaire.

They work without JavaScript, in Japanese, やさしい日本語 and English; the language stands in the address. The server
acts for whoever sends a form, so nothing here may trust what comes in or show what is known of a person.
"""
