"""The peer: huey's queue in SQLite with fsync. Arguments: a file that is not there yet, and how many tasks.
Each task is enqueued and done as huey does it, one transaction each. Prints one JSON object."""

import json
import sys
import time

from huey import SqliteHuey

huey = SqliteHuey(filename=sys.argv[1], fsync=True, results=False, utc=True)


@huey.task()
def nothing():
    pass


def main():
    tasks = int(sys.argv[2])
    began = time.perf_counter()
    for _ in range(tasks):
        nothing()
    enqueued = time.perf_counter()
    done = 0
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
        done += 1
    ended = time.perf_counter()
    if done != tasks:
        sys.exit(f"{tasks} tasks were enqueued and {done} done")
    print(json.dumps({"tasks": tasks, "enqueue": enqueued - began, "work": ended - enqueued}))


main()
