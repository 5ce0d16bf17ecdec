"""Background work of the directory: a FINESS file takes longer than a page may."""

from procrastinate.contrib.django import app

from establishments.finess.jobs import apply_job, read_job

QUEUE = "finess"
SILENCE = 60  # seconds without a sign of the worker: it is dead, and its job is given back


@app.task(queue=QUEUE)
def read_finess(import_id):
    read_job(import_id)


@app.task(queue=QUEUE)
def apply_finess(import_id):
    apply_job(import_id)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock="finess-stalled", pass_context=True)
async def give_back_stalled(context, timestamp):
    """Give back the jobs of a worker that was killed: both can be started again safely."""
    stalled = await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENCE)
    for job in stalled:
        await app.job_manager.retry_job(job)
