# docker build -t fmnist-lab .
# docker run --rm -p 127.0.0.1:8501:8501 -v fmnist-runs:/app/saved_runs \
#     -v fmnist-challenge:/app/challenge_set fmnist-lab
# Then open http://localhost:8501. Runs and the challenge set stay in the two volumes. To serve the
# app under another name, publish the port without 127.0.0.1 and add
# -e STREAMLIT_SERVER_ALLOWED_HOSTS=name.example.
FROM python:3.11-slim-bookworm

# tini reaps the training processes that outlive the process that started them.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends dataset-fashion-mnist tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 lab

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt

# The app may write its runs and its challenge set, and nothing else.
COPY . .
RUN mkdir -p saved_runs challenge_set \
    && python -m compileall -q . \
    && python -m fmnist_core.data.files \
    && chown -R 1000 saved_runs challenge_set
USER 1000
VOLUME ["/app/saved_runs", "/app/challenge_set"]

# Inside a container, 127.0.0.1 would be out of reach; which addresses reach it is docker's -p.
ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_BROWSER_SERVER_ADDRESS=localhost
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["streamlit", "run", "app.py"]
