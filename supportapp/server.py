"""The server: the app, calendar feeds, downloads and public pages behind one address."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import JSONResponse

import supportapp
from supportapp.app import office_app
from supportapp.backend import Backend
from supportapp.backups.daily import keep_backups
from supportapp.feeds import feeds_router
from supportapp.housekeeping import keep_house
from supportapp.live import PostgresBridge
from supportapp.mailing import keep_mailing
from supportapp.opendata_addresses import opendata_router
from supportapp.public.router import public_router
from supportapp.public.seals import office_secret
from supportapp.public.visits import actor_for
from supportapp.settings import Settings
from supportapp.webclient import mount_web_client


def make_server(backend: Backend, settings: Settings) -> FastAPI:
    """Everything one process serves, on the given backend."""

    @contextlib.asynccontextmanager
    async def lifespan(_server: FastAPI) -> AsyncIterator[None]:
        bridge = None if backend.database.is_sqlite else PostgresBridge(backend.database, backend.hub)
        if bridge is not None:
            bridge.start()
        await backend.run(actor_for(""), office_secret, proposal=secrets.token_hex(32))
        keeping = [
            asyncio.create_task(each)
            for each in (keep_house(backend), keep_backups(backend, settings), keep_mailing(backend, settings))
        ]
        yield
        for each in keeping:
            each.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        if bridge is not None:
            await bridge.stop()
        backend.close()

    server = FastAPI(
        title="supportapp", version=supportapp.__version__, lifespan=lifespan, docs_url=None, redoc_url=None
    )

    @server.get("/healthz")
    def healthz() -> JSONResponse:
        healthy = backend.database.answers()
        return JSONResponse(
            {
                "status": "ok" if healthy else "failing",
                "version": supportapp.__version__,
                "database": "ok" if healthy else "no answer",
            },
            status_code=200 if healthy else 503,
        )

    server.include_router(feeds_router(backend, settings))
    server.include_router(public_router(backend, public_address=settings.public_address))
    server.include_router(opendata_router(backend))
    mount_web_client(server, office_app(backend, settings))
    return server
