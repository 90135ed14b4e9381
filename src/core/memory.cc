#include "core/memory.h"

#include <unistd.h>

#include <fstream>
#include <map>
#include <set>

#include "base/host_name.h"

namespace delstep {
namespace {

/// Models that nothing but the record of the cycle holds any more.
std::size_t CountOldModels(const World& world) {
  std::map<const void*, std::size_t> held;
  for (const Row& row : *world.cycle_record.models) ++held[row.identity()];
  std::size_t old = 0;
  for (const Row& row : *world.cycle_record.models) {
    const auto found = held.find(row.identity());
    if (found == held.end() || found->second != row.handles()) continue;
    held.erase(found);
    ++old;
  }
  return old;
}

/// Pools count their rows, so nobody has to look for who shares which.
void AddRows(const Run& run, MemoryUse& use) {
  const Engine& engine = run.engine;
  const RowPool& models = *engine.model_rows;
  const RowPool& states = *engine.state_rows;
  const auto bytes = [](const RowPool& pool, std::size_t rows) {
    return rows * pool.floats() * sizeof(float);
  };
  use.old_models = CountOldModels(run.world);
  use.old_model_rows = bytes(models, use.old_models);
  use.distinct_models = models.live() - use.old_models;
  use.distinct_states = states.live();
  use.distinct_rows = use.distinct_models + use.distinct_states;
  use.model_rows = bytes(models, use.distinct_models);
  use.state_rows = bytes(states, states.live());
  use.spare_rows = models.spare() + states.spare();
  use.spare = bytes(models, models.spare()) + bytes(states, states.spare());
}

Bytes BytesOf(const Dataset& data) {
  return data.bytes.size_bytes() + data.floats.size_bytes() + data.labels.size_bytes();
}

/// What nodes hold in common is counted once.
void AddData(const Run& run, MemoryUse& use) {
  use.data = BytesOf(run.engine.data.dataset);
  std::set<const void*> seen;
  for (const Node& node : run.world.nodes) {
    for (const Examples& list : {node.training, node.held_out})
      if (list && seen.insert(list.get()).second)
        use.indices += list->size() * sizeof(std::uint32_t);
    if (node.own_labels && seen.insert(node.own_labels.get()).second)
      use.data += node.own_labels->labels.size() * sizeof(std::int32_t);
  }
  // Examples in reserve for nodes that join.
  use.indices += run.world.undealt->size() * sizeof(std::uint32_t);
}

/// Without rows: messages and records hold handles.
void AddMail(const World& world, MemoryUse& use) {
  use.messages = world.outbox->size() + world.in_flight.size();
  // Nodes that have left hold nothing.
  for (const Node& node : world.nodes) {
    if (!node.present) continue;
    use.messages += node.inbox->size() + node.waiting->size();
    use.encounters += node.guestbook.records().size();
    use.links += node.neighbours->size();
    use.model_uses += node.anchor.empty() ? 1 : 2;
  }
  // Each message and each record refers to one row.
  use.model_uses += use.messages + use.encounters;
  use.mailboxes = use.messages * sizeof(ModelMessage);
  use.guestbooks = use.encounters * sizeof(Encounter);
  use.network = use.links * sizeof(NodeId) +
                world.single_links->size() * sizeof(*world.single_links->begin()) +
                world.traffic.links.size() * (sizeof(std::uint64_t) + sizeof(LinkTraffic));
}

}  // namespace

Bytes ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  Bytes size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<Bytes>(sysconf(_SC_PAGESIZE));
}

Result<std::vector<ProcessUse>> MeasureProcesses(const Run& run) {
  const Engine& engine = run.engine;
  if (!engine.cluster) return std::vector<ProcessUse>();
  DELSTEP_ASSIGN(const std::vector<ProcessFigures> others, engine.cluster->AskFigures());
  std::vector<ProcessUse> all(1);
  ProcessUse& here = all.front();
  here.host = HostName();
  here.trainings = engine.trained_here;
  here.received = engine.cluster->received_here();
  here.resident = ResidentBytes();
  const auto add_pool = [&](const RowPool& pool) {
    here.rows += pool.here();
    here.row_bytes += pool.here() * pool.floats() * sizeof(float);
  };
  add_pool(*engine.model_rows);
  for (const auto& [floats, pool] : engine.state_pools) add_pool(pool);
  for (const ProcessFigures& other : others)
    all.push_back({.number = all.size(),
                   .host = other.host,
                   .rows = other.rows,
                   .row_bytes = other.row_bytes,
                   .received = other.received,
                   .trainings = other.trainings,
                   .resident = other.resident});
  for (const NodeId node : run.world.Present())
    ++all[static_cast<std::size_t>(engine.homes.Of(node))].nodes;
  return all;
}

MemoryUse MeasureMemory(const Run& run) {
  MemoryUse use;
  AddRows(run, use);
  AddData(run, use);
  AddMail(run.world, use);
  use.results =
      run.engine.evaluations.bytes() + run.world.traffic.latency.size() * sizeof(std::int64_t);
  for (const Node& node : run.world.nodes)
    use.results += node.last_tests.capacity() * sizeof(Evaluated);
  use.resident = ResidentBytes();
  return use;
}

}  // namespace delstep
