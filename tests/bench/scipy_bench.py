"""scipy on a matrix that sweep_bench wrote.  scipy_bench.py MATRIX superlu|gmres|cgs

superlu  splu of I - A and one solve: Brightway's way where it has no other solver.
gmres    one demand after another as bw2calc 2.5's JacobiGMRESLCA asks for them: relative
         tolerance 1e-8, restart 50, from the answer before.  The diagonal is one, so
         that its preconditioner changes nothing.
cgs      the same as bw2calc's IterativeLCA asks: tolerance 1e-5, 1000 steps at most.
         Without a loop it breaks down at its second step, and Brightway solves directly.
"""
import sys
import time

import numpy
from scipy import sparse
from scipy.sparse import linalg


def read(path):
    with open(path, "rb") as file:
        nodes, entries = (int(n) for n in numpy.fromfile(file, "<u8", 2))
        start = numpy.fromfile(file, "<u8", nodes + 1).astype(numpy.int64)
        suppliers = numpy.fromfile(file, "<u4", entries).astype(numpy.int64)
        amounts = numpy.fromfile(file, "<f8", entries)
    rows = sparse.csr_matrix((amounts, suppliers, start), (nodes, nodes))
    return sparse.identity(nodes, format="csr") - rows


def tell(name, begin):
    taken = (time.perf_counter() - begin) * 1e3
    print(name, f"{taken:.6g}", flush=True)
    return taken


def superlu(rows):
    columns = rows.tocsc()
    right = numpy.ones(rows.shape[0])
    begin = time.perf_counter()
    factors = linalg.splu(columns)
    tell("superlu_factor", begin)
    begin = time.perf_counter()
    factors.solve(right)
    tell("superlu_solve", begin)


def demands(name, solve, technosphere):
    nodes = technosphere.shape[0]
    random = numpy.random.default_rng(1)
    guess = None
    times = []
    for number in range(4):
        demand = numpy.zeros(nodes)
        demand[random.integers(nodes)] = 1
        begin = time.perf_counter()
        guess, status = solve(technosphere, demand, guess)
        if status != 0:
            print(f"{name}_status", status)
            return
        times.append(tell(f"{name}_{'next' if number else 'first'}_demand", begin))
    print(f"{name}_next_demand", f"{sorted(times[1:])[1]:.6g}")  # the last one counts


def gmres(rows):
    demands("gmres", lambda a, b, guess: linalg.gmres(
        a, b, x0=guess, tol=1e-8, atol=0.0, restart=50, maxiter=300), rows.T.tocsc())


def cgs(rows):
    demands("cgs", lambda a, b, guess: linalg.cgs(
        a, b, x0=guess, tol=1e-5, maxiter=1000), rows.T.tocsr())


{"superlu": superlu, "gmres": gmres, "cgs": cgs}[sys.argv[2]](read(sys.argv[1]))
