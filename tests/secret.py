"""Addresses with a password in them, as people write them, and the search for its traces."""

from hypothesis import strategies as st

ADDRESSES = (
    "postgresql://reader:{}@127.0.0.1:1/news#incidents",
    "postgresql:/reader:{}@127.0.0.1:1/news",
    "postgres://reader:{}@127.0.0.1:1/news?sslmode=require#incidents",
    "postgresql+psycopg2://reader:{}@127.0.0.1:1/news#incidents",
    "postgresql://127.0.0.1:1/news?user=reader&password={}#incidents",
    "postgresql://reader:{}",
    "jdbc:postgresql://127.0.0.1:1/news?user=reader&password={}",
    "jdbc:sqlserver://127.0.0.1:1;user=reader;password={};databaseName=news",
    "host=127.0.0.1 port=1 password={} dbname=news",
    "host=127.0.0.1 password = '{}' dbname=news",
    "https://reader:{}@127.0.0.1:1/a.csv",
    "https://{}@127.0.0.1:1/a.csv",
    "https://127.0.0.1:1/a.csv?token={}",
    "https://127.0.0.1:1/a.csv?id=1&X-Amz-Signature={}",
    "https://127.0.0.1:1/a.csv?sv=2020-08-04&sig={}",
    "https://127.0.0.1:1/a.csv#access_token={}",
    "https://127.0.0.1:1/wms?api_key={}&layers=a",
    "//reader:{}@127.0.0.1/news",
    "reader:{}@127.0.0.1/news",
)
HALF = st.text("qwxz", min_size=6, max_size=12)


def passwords(between: str) -> st.SearchStrategy[str]:
    """Return passwords of two halves with a character between them."""
    return st.tuples(HALF, st.sampled_from(between), HALF).map("".join)


EASY = passwords("7.-_:@/&;=%")
"""Those that stand in running text as one word."""
PASSWORDS = passwords("7.-_:@/&;=% ?#\\'\"")


def address(form: str, password: str) -> str:
    """Put a password into an address."""
    return form.replace("{}", password)


def leaks(text: str, password: str) -> bool:
    """Whether a text has a password or, of one that has a character within, a part of it."""
    parts = {password}
    for mark in "7.-_:@/&;=% ?#\\'\"":
        parts |= set(password.split(mark))
    return any(part in text for part in parts if len(part) > 3)
