"""A very small app behind our web client, to test what carries every screen.

``python web_client_app.py PORT FOLDER``; with ``stock`` behind it, the same app behind Flet's own web client.
"""

import asyncio
import socket
import sys
from pathlib import Path

import flet as ft
import flet_web.fastapi
import uvicorn
from fastapi import FastAPI

from supportapp.components.fields import TextInput
from supportapp.components.texts import page_title
from supportapp.theme import FONT, Look, dress
from supportapp.webclient import mount_web_client

SLOW = 0.04  # seconds until an answer, on a busy day


@ft.component
def Counter() -> ft.Control:  # noqa: N802 -- a component
    """A headline with the address, a field and how often it was sent, and a field whose text comes back late."""
    sent, set_sent = ft.use_state(0)
    kept, set_kept = ft.use_state("")

    async def keep(text: str) -> None:
        await asyncio.sleep(SLOW)
        set_kept(text)

    return ft.Column(
        [
            page_title(f"場所 {ft.context.page.route}"),
            TextInput("氏名", field_key="name", on_submit=lambda _text: set_sent(lambda count: count + 1)),
            TextInput("メモ", field_key="memo", value=kept, on_change=keep),
            ft.Text(f"控え：{kept}"),
            ft.Text(f"送信 {sent} 回"),
            ft.Text("髙﨑邉𠮷 槗本"),
        ]
    )


def main(page: ft.Page) -> None:
    """What each browser gets."""
    dress(page, Look())
    page.render(Counter)


def _stock_main(page: ft.Page) -> None:
    """The same with the fonts as Flet's documentation has them: files of the assets folder, named on the page."""
    page.fonts = {FONT: "regular.ttf", f"{FONT} Bold": "bold.ttf"}
    page.theme = ft.Theme(font_family=FONT)
    page.render(Counter)


def serve(port: int, folder: Path, *, stock: bool) -> None:
    """Serve on a port of this machine; 0 takes a free one and says which."""
    server = flet_web.fastapi.FastAPI() if stock else FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    if stock:
        server.mount("/", flet_web.fastapi.app(_stock_main, assets_dir=str(folder), no_cdn=True))
    else:
        mount_web_client(server, main, folder=folder)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen()  # whoever reads the address may call at once
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}/\n")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(server, log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), stock="stock" in sys.argv[3:])
