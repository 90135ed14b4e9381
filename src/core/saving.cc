#include "core/saving.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/text.h"
#include "core/acts/node_options.h"
#include "core/acts/plans.h"
#include "core/engine/agreement.h"
#include "core/resumed_rows.h"
#include "core/saved_bytes.h"
#include "core/saved_tables.h"
#include "core/setup.h"
#include "core/world/load_worlds.h"
#include "core/world/save_worlds.h"

namespace delstep {
namespace {

constexpr std::string_view kStateMark = "DEL-Step state";
/// Goes up with every change of the bytes, of a field of the world too.
constexpr std::uint64_t kStateVersion = 5;

Error Damaged() { return BadFile("the saved state of the run is damaged"); }

// ---- What the state must fit: the data and the layout of the models.

void Add(ByteWriter& writer, const RowLayout& layout) {
  writer.Add(std::uint64_t{layout.floats});
  writer.Add(std::uint64_t{layout.tensors.size()});
  for (const TensorSpec& tensor : layout.tensors) {
    writer.Add(std::string_view(tensor.name));
    writer.Add(std::uint64_t{tensor.shape.size()});
    for (const std::int64_t size : tensor.shape) writer.Add(size);
    writer.Add(static_cast<std::uint64_t>(tensor.role));
    writer.Add(std::uint64_t{tensor.offset});
    writer.Add(std::uint64_t{tensor.floats});
  }
}

RowLayout ReadLayout(ByteReader& reader) {
  RowLayout layout;
  layout.floats = reader.Number();
  for (std::size_t left = reader.Count(40); left > 0 && reader.ok(); --left) {
    TensorSpec& tensor = layout.tensors.emplace_back();
    tensor.name = std::string(reader.Text());
    for (std::size_t more = reader.Count(8); more > 0; --more)
      tensor.shape.push_back(reader.Signed());
    tensor.role = static_cast<TensorSpec::Role>(
        reader.NumberUpTo(static_cast<std::uint64_t>(TensorSpec::Role::kRaw)));
    tensor.offset = reader.Number();
    tensor.floats = reader.Number();
  }
  return layout;
}

/// "'fc1.weight' of 32 x 784".
std::string Describe(const RowLayout& layout, std::size_t at) {
  if (at >= layout.tensors.size()) return "nothing more";
  const TensorSpec& tensor = layout.tensors[at];
  std::string shape;
  for (const std::int64_t size : tensor.shape)
    shape += fmt::format("{}{}", shape.empty() ? "" : " x ", size);
  return fmt::format("'{}' of {}", tensor.name, shape.empty() ? "1" : shape);
}

/// `of`: "model", "optimizer".
Result<void> CheckLayout(const RowLayout& saved, const RowLayout& present, std::string_view of) {
  if (saved.floats == present.floats && saved.tensors == present.tensors) return {};
  std::size_t at = 0;
  while (at < saved.tensors.size() && at < present.tensors.size() &&
         saved.tensors[at] == present.tensors[at])
    ++at;
  return BadFile(
      fmt::format("the {} of the checkpoint has another layout than that of this run: it "
                  "has {}, here is {}",
                  of, Describe(saved, at), Describe(present, at)),
      "a file that the model comes from has changed since");
}

Result<void> CheckData(const LoadedData& data, std::string_view name, std::uint64_t examples,
                       std::uint64_t hash) {
  const std::uint64_t here = HashOf(data.dataset);
  if (hash == here && examples == data.dataset.size()) return {};
  return BadFile(fmt::format("the data are not those of the checkpoint: it was made with {} of {}, "
                             "hash {}, here is {} of {}, hash {}",
                             Count(examples, "example"), name, HexHash(hash),
                             Count(data.dataset.size(), "example"), data.name, HexHash(here)),
                 "name the folder with the same files: data.path=FOLDER");
}

// ---- What the engine knows beside the scenario.

void AddEngine(ByteWriter& writer, const Engine& engine, SavedRows& rows) {
  writer.Add(std::uint64_t{engine.edge_weights.size()});
  for (const auto& [edge, weight] : engine.edge_weights) {
    writer.Add(std::uint64_t{Index(edge.first)});
    writer.Add(std::uint64_t{Index(edge.second)});
    writer.Add(weight);
  }
  // Whether links come and go: then the topology is needed again.
  writer.Add(engine.contacts != nullptr);
  // What a node that joins begins with: the file may be gone by then.
  const InitialWeights& weights = engine.weights;
  writer.Add(!weights.model.empty());
  if (!weights.model.empty()) {
    const auto found = std::ranges::find(rows.models, weights.model);
    writer.Add(static_cast<std::uint64_t>(found - rows.models.begin()));
    if (found == rows.models.end()) rows.models.push_back(weights.model);
  }
  writer.Add(std::uint64_t{weights.counters.size()});
  for (const InitialWeights::Counter& counter : weights.counters) {
    writer.Add(std::string_view(counter.place.name));
    writer.Add(std::uint64_t{counter.values.size()});
    for (const std::int64_t value : counter.values) writer.Add(value);
  }
}

/// Returns whether links come and go.
bool ReadEngine(ByteReader& reader, const SavedRows& rows, Engine& engine) {
  for (std::size_t left = reader.Count(24); left > 0 && reader.ok(); --left) {
    const auto a = static_cast<NodeId>(reader.NumberUpTo(~std::uint32_t{0}));
    const auto b = static_cast<NodeId>(reader.NumberUpTo(~std::uint32_t{0}));
    engine.edge_weights[{a, b}] = reader.Real();
  }
  const bool contacts = reader.Flag();
  if (reader.Flag()) {
    const std::uint64_t row = reader.Number();
    reader.Require(row < rows.models.size());
    if (reader.ok()) engine.weights.model = rows.models[row];
  }
  const std::vector<TensorSpec> places = CountersOf(engine.learner->layout());
  for (std::size_t left = reader.Count(16); left > 0 && reader.ok(); --left) {
    InitialWeights::Counter& counter = engine.weights.counters.emplace_back();
    const auto place = std::ranges::find(places, reader.Text(), &TensorSpec::name);
    for (std::size_t more = reader.Count(8); more > 0; --more)
      counter.values.push_back(reader.Signed());
    // An int64 takes two words of the row.
    reader.Require(place != places.end() && counter.values.size() * 2 == place->floats);
    if (reader.ok()) counter.place = *place;
  }
  return contacts;
}

// ---- What a state begins with.

struct Head {
  std::string data;
  std::uint64_t examples = 0, hash = 0, nodes = 0;
  RowLayout model, optimizer;
  std::uint64_t models = 0, states = 0;  ///< rows
  std::string_view about;
  std::vector<std::string_view> worlds;
  std::vector<WorldTables> tables;  ///< of each world
};

Result<Head> ReadHead(ByteReader& reader) {
  if (reader.Text() != kStateMark) return BadFile("this is no saved state of a run");
  if (const std::uint64_t version = reader.Number(); reader.ok() && version != kStateVersion)
    return BadFile(fmt::format("the saved state has the format {}, this program reads format {}",
                               version, kStateVersion),
                   "resume it with the program that wrote it");
  Head head;
  head.data = std::string(reader.Text());
  head.examples = reader.Number();
  head.hash = reader.Number();
  head.nodes = reader.NumberUpTo(~std::uint32_t{0});
  head.model = ReadLayout(reader);
  head.optimizer = ReadLayout(reader);
  head.models = reader.Number();
  head.states = reader.Number();
  head.about = reader.Text();
  for (std::size_t left = reader.Count(8); left > 0 && reader.ok(); --left)
    head.worlds.push_back(reader.Text());
  reader.Require(!head.worlds.empty());
  head.tables = LoadTables(reader, head.worlds.size());
  if (!reader.ok()) return Damaged();
  return head;
}

// ---- Worlds.

/// Where each world comes from. The engine is the present one's; of other settings that it can go
/// on with, the states get a pool.
Result<std::vector<WorldSource>> SourcesOf(const Head& head, const Scenario& scenario,
                                           std::span<const Scenario* const> settings,
                                           Engine& engine) {
  // Those of moments with the same settings, and with the same in their files, are one, as they were.
  std::map<std::pair<const Scenario*, WorldTables>, WorldSource> by_scenario;
  WorldSource& present = by_scenario[{&scenario, head.tables.front()}];
  present.scenario = engine.scenario;
  present.state_floats = engine.state_rows->floats();
  std::vector<WorldSource> sources;
  for (std::size_t i = 0; i < head.worlds.size(); ++i) {
    const Scenario* own = i == 0 ? &scenario : i <= settings.size() ? settings[i - 1] : nullptr;
    const auto [known, fresh] = by_scenario.try_emplace({own, head.tables[i]});
    if (WorldSource& made = known->second; fresh && own) {
      // As the present one has followed its topology.
      Scenario followed = *own;
      followed.nodes = engine.scenario->nodes;
      if (!GiveTables(head.tables[i], followed)) return Damaged();
      if (const auto floats = StateFloats(engine, followed)) {
        made.scenario = std::make_shared<const Scenario>(std::move(followed));
        made.state_floats = *floats;
        StatePool(engine, *floats);
      }
    }
    DELSTEP_ASSIGN(std::unique_ptr<Network> network, MakeNetworkOf(engine));
    sources.push_back({.fields = head.worlds[i],
                       .scenario = known->second.scenario,
                       .state_floats = known->second.state_floats,
                       .network = std::move(network)});
  }
  return sources;
}

/// Beside the present world, others may take what it takes four times, and 64 MiB in any case.
constexpr Budget kMoments{.least = Bytes{64} << 20, .share = 4};

}  // namespace

Result<SavedState> SaveRun(const Engine& engine, std::span<const World* const> worlds) {
  DELSTEP_ASSIGN(SavedWorlds saved, SaveWorlds(worlds, kMoments));
  SavedRows rows = std::move(saved.rows);
  ByteWriter about;
  AddEngine(about, engine, rows);
  const LoadedData& data = engine.data;
  ByteWriter head;
  head.Add(kStateMark);
  head.Add(kStateVersion);
  head.Add(std::string_view(data.name));
  head.Add(std::uint64_t{data.dataset.size()});
  head.Add(HashOf(data.dataset));
  // A file of a graph may have brought others than the configuration says.
  head.Add(std::uint64_t{worlds.front()->scenario->nodes.count});
  Add(head, engine.learner->layout().model);
  Add(head, engine.learner->layout().state);
  head.Add(std::uint64_t{rows.models.size()});
  head.Add(std::uint64_t{rows.states.size()});
  head.Add(std::string_view(about.Take()));
  head.Add(std::uint64_t{saved.fields.size()});
  for (const std::string& fields : saved.fields) head.Add(std::string_view(fields));
  SaveTables(head, worlds.first(saved.fields.size()));
  // Rows come after all else.
  std::vector<Row> all = std::move(rows.models);
  all.insert(all.end(), rows.states.begin(), rows.states.end());
  return SavedState{.bytes = MakeSavedBytes(head.Take(), std::move(all), engine.cluster),
                    .moments = saved.fields.size() - 1};
}

Result<ResumedRun> ResumeRun(const Scenario& scenario, const Registry& registry,
                             std::string_view state, std::span<const Scenario* const> settings,
                             const StateFile* file) {
  ByteReader reader(state);
  DELSTEP_ASSIGN(const Head head, ReadHead(reader));
  // On the heap from the start, as in Begin().
  ResumedRun resumed{.run = std::make_unique<Run>(), .moments = {}};
  Run& run = *resumed.run;
  Engine& engine = run.engine;
  engine.registry = &registry;
  engine.cluster = registry.cluster;
  Scenario followed = scenario;
  followed.nodes.count = head.nodes;
  followed.nodes.count_given = true;
  if (!GiveTables(head.tables.front(), followed)) return Damaged();
  const auto present = std::make_shared<const Scenario>(std::move(followed));
  DELSTEP_ASSIGN(const LoadData* load, registry.data.Find(present->data.name));
  DELSTEP_ASSIGN(engine.data, (*load)(*present));
  DELSTEP_TRY(RenewEngine(engine, present));
  DELSTEP_TRY(CheckData(engine.data, head.data, head.examples, head.hash));
  DELSTEP_TRY(CheckLayout(head.model, engine.learner->layout().model, "model"));
  DELSTEP_TRY(CheckLayout(head.optimizer, engine.learner->layout().state, "optimizer"));
  DELSTEP_ASSIGN(std::vector<WorldSource> sources, SourcesOf(head, scenario, settings, engine));
  ResumedRows rows(engine, state, file);
  rows.Read(reader, head.models, head.states);
  if (!reader.AtEnd()) return Damaged();
  ByteReader about(head.about);
  const bool contacts = ReadEngine(about, rows.rows(), engine);
  if (!about.AtEnd()) return Damaged();
  DELSTEP_ASSIGN(auto worlds, LoadWorlds(std::move(sources), rows.rows(), engine.data.dataset));
  DELSTEP_TRY(rows.ReadEverywhere(worlds));
  for (std::size_t i = 1; i < worlds.size(); ++i)
    resumed.moments.push_back(worlds[i] ? std::make_shared<const World>(*std::move(worlds[i]))
                                        : nullptr);
  run.world = *std::move(worlds.front());
  run.resumed = true;
  // A file of the user's may be gone: better told now than a node that does nothing.
  for (const Node& node : run.world.nodes)
    if (!node.behaviour.own.empty()) DELSTEP_TRY(FindBehaviour(engine, node.behaviour.own));
  // Links are in the world; what moves them is made anew. The number of nodes is believed only now.
  if (present->nodes.count > run.world.nodes.size()) return Damaged();
  DELSTEP_TRY(MakeMobilityOf(engine));
  if (contacts) DELSTEP_TRY(MakeGraph(engine));
  PlaceNodes(run);
  // Made-up bytes may lack what this scenario looks at.
  RenewAnchors(run);
  return resumed;
}

}  // namespace delstep
