"""The flow: drawing beside Graphviz, and counting a million records beside reading them."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.flow import Flow, counting, exchange
from peerreview.flow.identities import check, fails
from peerreview.flow.labels import read
from peerreview.paper.figures.prisma import lay_out
from peerreview.render import dot, pdf, png, svg

N_RECORDS = 1_000_000
PUBLISHED = Path(__file__).parents[1] / "flows" / "published.toml"
SEED = 2020


def best(step: Callable[[], object], runs: int = 3) -> float:
    """Return the shortest of several times, in seconds."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    return min(times)


def draw() -> None:
    """Compare an SVG of the published review with Graphviz' of the same flow."""
    typed = exchange.read(PUBLISHED.read_text(encoding="utf-8"), ".toml")
    labels = read()
    figure = lay_out(typed, labels)
    ours = best(lambda: svg.draw(lay_out(typed, labels)), 20)
    print(f"SVG of the published review     {ours * 1000:8.1f} ms")
    print(f"PDF (fpdf2)                     {best(lambda: pdf.draw(figure)) * 1000:8.1f} ms")
    print(f"PNG at 300 dpi (resvg)          {best(lambda: png.draw(figure)) * 1000:8.1f} ms")
    if shutil.which("dot") is None:
        print("Graphviz is not on this machine: apt-get install graphviz; no comparison with dot")
        return
    source = dot.draw(figure).encode()
    theirs = best(lambda: subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, check=True), 10)
    print(f"SVG by dot, positions pinned    {theirs * 1000:8.1f} ms; ours takes {ours / theirs:.3f} of it")


def write_review(folder: Path, n_records: int) -> None:
    """Write a review's tables: half the records duplicates, three in a hundred read in full."""
    chance = np.random.default_rng(SEED)
    ids = np.array([f"medline-{number:08}-3f9a2c" for number in range(n_records)])
    removed = np.sort(chance.choice(n_records, n_records // 2, replace=False))
    is_removed = np.zeros(n_records, dtype=bool)
    is_removed[removed] = True
    kept = np.flatnonzero(~is_removed)
    frame = {column: np.full(n_records, "", dtype=object) for column in tables.RECORDS.columns}
    databases = np.array(["CINAHL", "Embase", "MEDLINE", "PsycINFO", "Scopus", "Web of Science"])
    frame |= {"record_id": ids, "source": databases[np.arange(n_records) % 6]}
    frame |= {"source_kind": np.full(n_records, "database"), "round": np.full(n_records, "1")}
    frame |= {"title": np.array([f"Trial {n} of peer support" for n in range(n_records)])}
    frame |= {"authors": np.full(n_records, "Reeves, V; Loughhead, M"), "year": np.full(n_records, "2024")}
    pd.DataFrame(frame).to_csv(folder / "records.csv", index=False)
    duplicates = pd.DataFrame({"record_id": ids[removed], "duplicate_of": ids[kept[: len(removed)]]})
    duplicates = duplicates.assign(verdict="duplicate", relation="", rule="doi", score="1", similarities="")
    duplicates.to_csv(folder / "duplicates.csv", index=False)
    included = chance.random(len(kept)) < 0.03
    full = kept[included]
    good = chance.random(len(full)) < 0.1
    title = pd.DataFrame({"record_id": ids[kept], "outcome": np.where(included, "include", "exclude")})
    title = title.assign(stage="title_abstract", reason="")
    read_full = pd.DataFrame({"record_id": ids[full], "outcome": np.where(good, "include", "exclude")})
    reasons = np.array(["Wrong population", "Wrong design", "Wrong outcome"])[np.arange(len(full)) % 3]
    read_full = read_full.assign(stage="full_text", reason=np.where(good, "", reasons))
    screening = pd.concat([title, read_full]).assign(reviewers="ana; ben", resolved_by="votes")
    screening[list(tables.SCREENING.columns)].to_csv(folder / "screening.csv", index=False)
    reports = pd.DataFrame({"record_id": ids[full[good]]})
    reports["study_id"] = [f"S{number:05}" for number in range(len(reports))]
    reports.to_csv(folder / "reports.csv", index=False)


def count() -> None:
    """Compare counting and proving a million records with reading their tables."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_review(place, N_RECORDS)
        names = ("records", "duplicates", "screening", "reports")
        read_in: dict[str, pd.DataFrame] = {}

        def read_all() -> None:
            for name in names:
                path = place / f"{name}.csv"
                read_in[name] = pd.read_csv(path, dtype="str", keep_default_na=False)

        reading = best(read_all, 1)
        counted: list[Flow] = []

        def derive() -> None:
            first = (read_in["records"], read_in["duplicates"], read_in["screening"])
            counted.append(counting.derive(*first, reports=read_in["reports"]))

        deriving = best(derive, 1)
        proving = best(lambda: check(counted[0]), 1)
        assert not fails(check(counted[0]))
    print(f"pandas reads the tables         {reading:8.2f} s")
    print(f"the flow of {N_RECORDS:,} records   {deriving:8.2f} s; {deriving / reading:.2f} of the reading")
    both = deriving + proving
    print(f"every identity proved           {proving:8.2f} s; {both / reading:.2f} with the count")


def run() -> None:
    """Print how long drawing and counting take."""
    draw()
    count()
