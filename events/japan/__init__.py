"""Ground rules of Japan: eras, fiscal year, holidays, names and kana, telephones, numbers. All of it pure."""
