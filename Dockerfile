# The one image of docker-compose.yml: Airflow's servers and the stages that its tasks run.
# It has been checked by a test that reads it, and its commands are those of `make setup`; it has
# not been built, because no container engine was at hand.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 50000 datafirst
WORKDIR /opt/datafirst

COPY requirements.lock requirements-build.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock \
    && pip install --no-cache-dir --no-deps --require-hashes --no-build-isolation \
        -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY config config
COPY dags dags
COPY plugins plugins
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && mkdir -p /opt/airflow/logs /scratch \
    && chown -R datafirst /opt/airflow /scratch

USER datafirst
ENV AIRFLOW_HOME=/opt/airflow \
    DATAFIRST_CONFIG=/opt/datafirst/config \
    DATAFIRST_SCRATCH=/scratch \
    PYTHONUNBUFFERED=1
ENTRYPOINT ["python", "-m", "airflow"]
CMD ["version"]
