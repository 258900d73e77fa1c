# One image for the page and for the Chroma server beside it. What runs in it needs no network; only the build does.
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/venv
COPY requirements.lock /build/
RUN /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /build/requirements.lock
COPY pyproject.toml README.md app.py /build/
COPY rag /build/rag
COPY seeds /build/seeds
COPY vectorstore /build/vectorstore
COPY web /build/web
RUN /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation /build
RUN /opt/venv/bin/nonmun --version

FROM python:3.11-slim-bookworm
COPY --from=build /opt/venv /opt/venv
RUN mkdir -p /data && chown 10001:10001 /data
ENV NO_PROXY=localhost,127.0.0.1,chroma PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin HOME=/data XDG_CACHE_HOME=/data/cache NONMUN_STORE=/data/store PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /data
USER 10001:10001
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["nonmun"]
CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]
