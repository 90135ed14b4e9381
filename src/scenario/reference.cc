// The reference page of the configuration, written from the table of keys.
#include <fmt/format.h>

#include "scenario/keys.h"

namespace delstep {
namespace {

std::string Row(const Key& key, const Registry& registry, std::string_view fallback) {
  return fmt::format("| `{}` | {} | {} | {}{} |\n", key.name, key.Allowed(registry), fallback,
                     key.sentence, key.settable() ? " *(set)*" : "");
}

constexpr std::string_view kAboutNodeValues = R"(
Values of single nodes stand under `[training.at."NODES"]`, where NODES are selectors with blanks between them:

```toml
[training.at."10.0.0.3"]
lr = 0.01

[training.at."@slow 10.0.0.[7-9] ann"]
epochs = 1
```

The keys that may differ are `lr`, `weight_decay`, `batch_size`, `epochs`, `local_steps`, `clip_norm` and `proximal_mu`. A later value
wins. They hold for nodes that are there at the start; `set KEY VALUE NODE...` does the same in a run, and `config show node NODE` tells
each value with its place.

A model that brings an optimizer of its own (a SavedModel of Keras, a learning module with `MakeOptimizer`) keeps its own learning rate
until somebody sets `training.lr`, in a scenario that was named, in the environment, on the command line or by `set`. A default never
overrides it, and `config show training` says who decides.
)";

}  // namespace

std::string ConfigReference(const Registry& registry) {
  const Scenario scenario;
  std::string page = R"(# Configuration

One TOML file describes an experiment. A key stands in its section, `lr = 0.01` under `[training]`; on the command line it
is `training.lr=0.01`, in the environment `DELSTEP_TRAINING_LR=0.01`, at the prompt `set training.lr 0.01` (keys marked
*(set)* only). Later wins: defaults, file, environment, command line, `set`. `config show` tells where each value came
from.

Outside a file, a value is a TOML value or a bare word: `topology.name=ring`, `network.latency=uniform(10ms,50ms)`,
`model.hidden=[64,32]`. Where a list is expected, a single value is a list of one: `model.hidden=64`. A variable that is
empty does not count.

Durations have a unit (ns, us, ms, s, min, h) and are whole nanoseconds. Bandwidths are bits per second, in powers of
1000 (bps, kbps, Mbps, Gbps).
)";
  // Keys of a section stand together, so a heading is due whenever the section changes.
  std::string_view section = "none yet";
  for (const Key& key : Keys()) {
    const auto dot = key.name.find('.');
    const std::string_view own = dot == std::string_view::npos ? "" : key.name.substr(0, dot);
    if (own != section) {
      section = own;
      page += section.empty() ? "\n## Outside sections\n" : fmt::format("\n## [{}]\n", section);
      page += "\n| key | must be | default | |\n|---|---|---|---|\n";
    }
    page += Row(key, registry, fmt::format("`{}`", key.Get(scenario)));
    if (key.name == "training.threads") page += kAboutNodeValues;
  }
  page += "\n## [groups]\n\n| key | must be | default | |\n|---|---|---|---|\n";
  return page + Row(GroupKey("groups.NAME"), registry, "no groups");
}

}  // namespace delstep
