// What --help and `help plot`, `help sweep` print.
#include "apps/delstep/arguments.h"

namespace delstep {

std::string HelpText() {
  return R"(usage: delstep [SCENARIO | FILE.toml | FILE.cpp] [KEY=VALUE ...] [options]

A step-by-step simulator of decentralized learning. Commands come from -f and -c
in the order given, else from standard input: a prompt, if it is a terminal.
Without a scenario mnist-12 is used.

  -f SCRIPT       run a script; - is standard input
  -c "CMD; CMD"   run commands
  -i              stay at the prompt afterwards
  --check SCRIPT  look for errors in a script and run nothing
  --keep-going    go on after errors; exit with the code of the first
  --json          one JSON object a command; takes requests: docs json
  --seed N        seed=N; --portable: same bits on every processor
  --out DIR       record the run in a new folder: events, results, metrics, ...
  --resume FILE   go on from a checkpoint; --checkpoint FILE writes them, with
                  --checkpoint-every 30s|10commands by itself, and on SIGTERM
  --page [PORT]   a page for a browser; --page-bind ADDRESS: for others too
  --quiet, -v     say less, say more; --echo: the commands of scripts too
  --color=auto|always|never, --version, --help
  delstep scenario list|show NAME       which scenarios there are; one of them
  delstep plot DIR, view DIR, sweep ... pictures, a page, grids: help plot|sweep
  delstep doctor, setup, bench          what is missing; fetch data; hash a run
  delstep new module|aggregator|behaviour [FILE]  C++ of your own to begin with
exit codes: 0 ok, 1 refused, 2 usage, 3 file, 4 unavailable, 5 expect failed
)";
}

std::string HelpOfPlot() {
  return R"(usage: delstep plot DIR... [options]

Draws runs that were recorded by --out, and sweeps: accuracy with its spread,
consensus distance, and contacts over time. Writes plot.svg and plot.png into
DIR, of several folders into the working directory. Needs gnuplot.

  --x time|cycle|bytes|step  the horizontal axis; without it the simulated time
                             if it passes, else the cycle, else the command
  --metric NAME              draw this instead; may be given several times
  --band p10-p90|min-max|std|none  what the band shows: of one run its nodes, of
                             runs that differ by the seed alone their means
  --out FILE.svg|FILE.png    write this one file
  --title TEXT               instead of the folder's name
  --data                     print the values as a table, and draw nothing
)";
}

std::string HelpOfSweep() {
  return R"(usage: delstep sweep [SCENARIO] KEY=A,B ... [KEY=VALUE ...] --out DIR [options]

Runs every combination of the values, each in a process of its own that uses one
thread, and records it in DIR/KEY=VALUE,...; then DIR/sweep.csv has the metrics
of all. `delstep plot DIR` draws it: a curve for each setting, over its seeds.

  KEY=A,B,C       the values of a key; seed=1..5 is seed=1,2,3,4,5; lists stand
                  in brackets: model.hidden=[32],[64,32]
  -f SCRIPT, -c "CMD; CMD"  what each run does; without them the scenario's own
                  script, NAME.del beside NAME.toml
  --out DIR       where to; given again, only what is not finished is run
  --again         run all again
  --jobs N        runs at once; without it as many as there are processors

A run that fails does not stop the others. The exit code is that of the first.
)";
}

}  // namespace delstep
