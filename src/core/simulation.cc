// The front of the core. What happens is in core/acts, a file per kind of act; here stands what can
// be looked at, and which act each command is.
#include "delstep/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "core/acts/aggregate.h"
#include "core/acts/attack.h"
#include "core/acts/backend.h"
#include "core/acts/behave.h"
#include "core/acts/evaluation.h"
#include "core/acts/groups.h"
#include "core/acts/import.h"
#include "core/acts/labels.h"
#include "core/acts/learning.h"
#include "core/acts/links.h"
#include "core/acts/membership.h"
#include "core/acts/messages.h"
#include "core/acts/network_step.h"
#include "core/acts/node_options.h"
#include "core/acts/pass_time.h"
#include "core/acts/plans.h"
#include "core/acts/presence.h"
#include "core/acts/queue_messages.h"
#include "core/acts/settings.h"
#include "core/acts/training_time.h"
#include "core/acts/why.h"
#include "core/difference.h"
#include "core/engine/initial_weights.h"
#include "core/engine/run.h"
#include "core/engine/tables.h"
#include "core/memory.h"
#include "core/mixing.h"
#include "core/saving.h"
#include "core/setup.h"
#include "core/statistics.h"
#include "core/traffic_views.h"
#include "core/views.h"
#include "core/world/own_bytes.h"
#include "core/world/world_hash.h"

namespace delstep {

Simulation::Simulation(std::unique_ptr<Run> run) : run_(std::move(run)) {}
Simulation::~Simulation() = default;

// All that can fail is in Begin(): a Simulation is whole or is not there.
Result<std::unique_ptr<Simulation>> Simulation::Create(const Scenario& scenario,
                                                       const Registry& registry) {
  DELSTEP_ASSIGN(std::unique_ptr<Run> run, Begin(scenario, registry));
  return std::unique_ptr<Simulation>(new Simulation(std::move(run)));
}

Result<std::unique_ptr<Simulation>> Simulation::Resume(const Scenario& scenario,
                                                       const Registry& registry,
                                                       std::string_view state) {
  DELSTEP_ASSIGN(Resumed resumed, Resume(scenario, registry, state, {}));
  return std::move(resumed.simulation);
}

Result<Simulation::Resumed> Simulation::Resume(const Scenario& scenario, const Registry& registry,
                                               std::string_view state,
                                               std::span<const Scenario* const> settings,
                                               const StateFile* file) {
  DELSTEP_ASSIGN(ResumedRun run, ResumeRun(scenario, registry, state, settings, file));
  Resumed resumed;
  for (std::shared_ptr<const World>& moment : run.moments)
    resumed.moments.push_back(Snapshot(std::move(moment), 0, nullptr));
  resumed.simulation = std::unique_ptr<Simulation>(new Simulation(std::move(run.run)));
  return resumed;
}

Result<SavedState> Simulation::SaveState() const { return SaveState(Snapshot()); }
Result<SavedState> Simulation::SaveState(const Snapshot& moment,
                                         std::span<const Snapshot> moments) const {
  std::vector<const World*> worlds = {moment ? moment.world_.get() : &run_->world};
  for (const Snapshot& other : moments) worlds.push_back(other.world_.get());
  return SaveRun(run_->engine, worlds);
}

// ---- Looking.

Result<ModelSources> Simulation::Why(NodeId node) const { return SourcesOf(run_->world, node); }
Result<KnowledgeWay> Simulation::Way(NodeId node, NodeId source) const {
  return WayOf(run_->world, node, source);
}

void Simulation::Observe(Observer observer) { run_->journal.Observe(std::move(observer)); }

const Scenario& Simulation::scenario() const { return *run_->engine.scenario; }
SimTime Simulation::now() const { return run_->world.now; }
std::uint64_t Simulation::cycle() const { return run_->world.cycle; }
bool Simulation::autonet() const { return run_->world.autonet; }
std::size_t Simulation::nodes_ever() const { return run_->world.nodes.size(); }
std::vector<NodeId> Simulation::Nodes() const { return run_->world.Present(); }
std::vector<std::string> Simulation::BehaviourNames() const { return BehavioursOf(run_->world); }

std::optional<NodeId> Simulation::Find(std::string_view address_or_name) const {
  return FindPresent(run_->world, address_or_name);
}

std::optional<NodeId> Simulation::FindLeft(std::string_view word) const {
  std::optional<NodeId> found;
  for (const Node& node : run_->world.nodes)
    if (!node.present && !word.empty() && (ToString(node.address) == word || node.name == word))
      found = node.id;
  return found;
}

std::string Simulation::AddressOf(NodeId node) const {
  return ToString(run_->world.at(node).address);
}

std::string Simulation::NameOf(NodeId node) const { return run_->world.at(node).name; }

bool Simulation::IsUp(NodeId node) const { return run_->world.at(node).up; }

bool Simulation::AreNeighbours(NodeId a, NodeId b) const {
  return run_->world.at(a).HasNeighbour(b);
}

NodeView Simulation::View(NodeId node) const { return ViewOf(*run_, node); }
std::vector<EncounterView> Simulation::Encounters(NodeId node) const {
  return EncountersOf(run_->world, node);
}
std::vector<LinkView> Simulation::Links() const { return delstep::LinksOf(run_->world); }
std::vector<LinkView> Simulation::LinksOf(NodeId node) const {
  return delstep::LinksOf(run_->world, node);
}
std::vector<LinkView> Simulation::LinksAmong(std::span<const NodeId> nodes) const {
  return delstep::LinksAmong(run_->world, nodes);
}
Graph Simulation::Topology() const { return TopologyOf(*run_); }

std::vector<GroupView> Simulation::Groups() const { return GroupsOf(run_->world); }

std::optional<GroupView> Simulation::Group(std::string_view name) const {
  const NodeGroup* group = run_->world.FindGroup(name);
  if (!group) return std::nullopt;
  return GroupView{.name = group->name, .members = group->members.list()};
}

std::vector<LabelCounts> Simulation::Labels() const { return CountLabels(*run_); }

// Tables need a name per class, also where the data have numbers only.
std::vector<std::string> Simulation::ClassNames() const {
  const LoadedData& data = run_->engine.data;
  if (!data.class_names.empty()) return data.class_names;
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < data.dataset.classes; ++i) names.push_back(std::to_string(i));
  return names;
}

const LoadedData& Simulation::data() const { return run_->engine.data; }

Result<ExportReport> Simulation::Export(NodeId id, const std::string& file) const {
  const Engine& engine = run_->engine;
  const Node& node = run_->world.at(id);
  DELSTEP_ASSIGN(const WriteTensors* write, engine.registry->tensor_writers.FindByEnding(file));
  const ModelLayout& layout = engine.learner->layout();
  // PyTorch's strict loading wants counters such as num_batches_tracked too; they lie in the state
  // row.
  const std::vector<TensorSpec> counters = CountersOf(layout);
  const std::vector<NamedArrayView> tensors =
      TensorsOf(layout, counters, node.model.view(), node.state.view());
  DELSTEP_TRY((*write)(file, tensors));
  std::error_code error;  // the file has just been written: its size is a figure, not a promise
  return ExportReport{.tensors = tensors.size(),
                      .bytes = Bytes{std::filesystem::file_size(file, error)}};
}

ModelFacts Simulation::model_facts() const { return run_->engine.facts; }

Statistics Simulation::Stats() const { return Measure(*run_); }
TrafficCounts Simulation::Traffic() const { return CountTraffic(run_->world); }
LatencyFigures Simulation::Latency() const { return MeasureLatency(*run_); }
double Simulation::ConsensusDistance() const { return run_->consensus.Measure(run_->world); }
MixingView Simulation::Mixing() const { return MeasureMixing(*run_); }
std::uint64_t Simulation::models_read() const { return run_->consensus.rows_read(); }
std::uint64_t Simulation::latencies_sorted() const { return run_->latencies_sorted; }
std::optional<EvaluationScope> Simulation::LastScope() const { return run_->world.last_scope; }
std::optional<Evaluated> Simulation::LastTest(NodeId node, const EvaluationScope& scope) const {
  const Evaluated* test = run_->world.at(node).LastTest(scope);
  return test ? std::optional(*test) : std::nullopt;
}
bool Simulation::IsTestOlder(NodeId node, const EvaluationScope& scope) const {
  return run_->world.at(node).IsTestOlder(scope);
}
MemoryUse Simulation::Memory() const { return MeasureMemory(*run_); }
Result<std::vector<ProcessUse>> Simulation::Processes() const { return MeasureProcesses(*run_); }
std::vector<LinkTrafficView> Simulation::LinkTraffic() const { return LinkTrafficOf(run_->world); }
std::vector<NodeTrafficView> Simulation::NodeTraffic(std::span<const NodeId> nodes) const {
  return NodeTrafficOf(run_->world, nodes);
}
std::vector<MessageView> Simulation::Messages(std::span<const NodeId> nodes) const {
  return MessagesOf(run_->world, nodes);
}
std::vector<std::string> Simulation::Notes() const {
  const Engine& engine = run_->engine;
  std::vector<std::string> notes = engine.data.notes;
  notes.insert(notes.end(), engine.facts.notes.begin(), engine.facts.notes.end());
  notes.insert(notes.end(), engine.notes.begin(), engine.notes.end());
  return notes;
}
std::size_t Simulation::queued() const { return run_->world.outbox->size(); }
std::size_t Simulation::in_flight() const {
  return run_->world.in_flight.size() + run_->world.waiting;
}
// Buffers are sent and averaged like parameters, so they count.
std::size_t Simulation::parameters() const { return run_->engine.learner->layout().model.payload; }

Progress Simulation::CurrentProgress() const {
  const ProgressMeter& meter = run_->engine.progress;
  // Read one after the other while a training may begin or end: done is kept within total.
  const std::size_t total = meter.total;
  return {.done = std::min<std::size_t>(total, meter.done), .total = total};
}

std::uint64_t Simulation::ModelHash(NodeId node) const {
  return HashRow(run_->world.at(node).model);
}
ModelValues Simulation::Model(NodeId node) const { return ModelOf(run_->world, node); }
const ModelLayout& Simulation::model_layout() const { return run_->engine.learner->layout(); }
std::uint64_t Simulation::WorldHash() const { return HashWorld(run_->world); }

// ---- Moments.

Result<Snapshot> Simulation::TakeSnapshot() {
  Run& run = *run_;
  // Only then can the network be shared by copies.
  DELSTEP_TRY(run.world.network.Keep());
  auto moment = std::make_shared<const World>(run.world);
  const Bytes own = OwnBytes(*moment, run.last_moment ? *run.last_moment : World());
  run.last_moment = moment;
  return Snapshot(std::move(moment), own, run.engine.made);
}

Result<void> Simulation::Restore(const Snapshot& moment) {
  assert(moment);
  Run& run = *run_;
  // All that can fail comes first: the learner is made from the settings.
  if (moment.world_->scenario != run.engine.scenario)
    DELSTEP_TRY(RenewEngine(run.engine, moment.world_->scenario, moment.made_));
  else if (moment.made_)
    run.engine.made = moment.made_;  // another behaviour of some nodes leaves the settings alone
  run.world = *moment.world_;
  run.last_moment = moment.world_;
  run.ForgetWhatFollows();
  PlaceNodes(run);
  // A moment of made-up bytes may lack what its settings look at.
  RenewAnchors(run);
  run.Note(Restored{});
  return {};
}

bool Simulation::HasFilesOf(const Snapshot& moment) const {
  return IsSameCode(run_->engine.made.get(), moment.made_.get()) &&
         HaveSameTables(*run_->world.scenario, *moment.world_->scenario);
}

void Simulation::AdoptTests(const Snapshot& moment) {
  World& world = run_->world;
  const World& then = *moment.world_;
  bool newer = false;
  for (std::size_t i = 0; i < world.nodes.size(); ++i) {
    // A copy of the node is made only where there may be something to take over.
    if (then.nodes[i].fresh_tests == 0 || world.nodes.Shares(then.nodes, i)) continue;
    Node node = world.nodes[i];
    if (!node.AdoptTests(then.nodes[i])) continue;
    newer = true;
    world.Change(node.id) = std::move(node);
  }
  if (newer) world.last_scope = then.last_scope;
}

Difference Simulation::Compare(const Snapshot& a, const Snapshot& b) const {
  return delstep::Compare(*a.world_, *b.world_);
}

Bytes Simulation::row_bytes() const { return RowBytes(run_->engine); }

SimTime Snapshot::now() const { return world_->now; }
std::uint64_t Snapshot::cycle() const { return world_->cycle; }
Bytes Snapshot::BytesBeside(const Snapshot& other) const {
  return OwnBytes(*world_, other.world_ ? *other.world_ : World());
}
std::uint64_t Snapshot::hash() const { return HashWorld(*world_); }
std::vector<std::string> Snapshot::DifferentFields(const Snapshot& other) const {
  return delstep::DifferentFields(*world_, *other.world_);
}

// ---- Acts.

Result<StepReport> Simulation::Train(std::span<const NodeId> nodes, std::stop_token stop,
                                     Waiting waiting) {
  return Settled(*run_, delstep::Train(*run_, nodes, std::move(stop), waiting));
}
Result<ImportReport> Simulation::Import(std::span<const ImportRequest> requests) {
  for (const ImportRequest& request : requests)
    DELSTEP_TRY(RequireIdle(run_->world, {&request.node, 1}));
  return ImportModels(*run_, requests);
}
Result<void> Simulation::SetModel(NodeId node, std::span<const float> values) {
  DELSTEP_TRY(RequireIdle(run_->world, {&node, 1}));
  return ReplaceModel(*run_, node, values);
}
Result<StepReport> Simulation::Aggregate(std::span<const NodeId> nodes) {
  return delstep::Aggregate(*run_, nodes);
}
Result<StepReport> Simulation::Step(std::span<const NodeId> nodes, std::stop_token stop,
                                    Waiting waiting) {
  return Settled(*run_, delstep::Step(*run_, nodes, std::move(stop), waiting));
}
Result<std::vector<Evaluated>> Simulation::Evaluate(std::span<const NodeId> nodes,
                                                    const EvaluationScope& scope,
                                                    std::stop_token stop) {
  return delstep::Evaluate(*run_, nodes, scope, std::move(stop));
}

Result<TestCost> Simulation::CostOfTest(std::span<const NodeId> nodes, const EvaluationScope& scope,
                                        bool by_class) const {
  return delstep::CostOfTest(*run_, nodes, scope, by_class);
}

Result<std::vector<ClassTest>> Simulation::EvaluateByClass(std::span<const NodeId> nodes,
                                                           const EvaluationScope& scope,
                                                           bool look_only, std::stop_token stop) {
  return delstep::EvaluateByClass(*run_, nodes, scope, look_only, std::move(stop));
}

void Simulation::SetRate(double rate, std::span<const NodeId> nodes) {
  assert(rate >= 0 && rate <= 1);
  for (const NodeId node : nodes) {
    if (run_->world.at(node).rate != rate) run_->world.Change(node).rate = rate;
    run_->Note(RateChanged{.node = node, .rate = rate});
  }
}

Result<std::vector<LabelsChanged>> Simulation::ChangeLabels(const LabelChange& change,
                                                            std::span<const NodeId> nodes) {
  DELSTEP_TRY(RequireIdle(run_->world, nodes));
  return delstep::ChangeLabels(*run_, change, nodes);
}

Result<void> Simulation::SetAttack(std::string_view attack, std::span<const NodeId> nodes) {
  return delstep::SetAttack(*run_, attack, nodes);
}

Result<QueueReport> Simulation::Send(NodeId from, NodeId to) {
  return delstep::Send(*run_, from, to);
}
Result<QueueReport> Simulation::Exchange(NodeId a, NodeId b) {
  return delstep::Exchange(*run_, a, b);
}
Result<QueueReport> Simulation::Flood(std::span<const NodeId> nodes, WhenAlone alone) {
  return delstep::Flood(*run_, nodes, alone);
}
Result<QueueReport> Simulation::Gossip(std::size_t peers, std::span<const NodeId> nodes,
                                       WhenAlone alone) {
  return delstep::Gossip(*run_, peers, nodes, alone);
}
// The caller knows that the group exists; GroupNamed() asserts it.
Result<QueueReport> Simulation::Share(std::string_view group) {
  return delstep::Share(*run_, GroupNamed(run_->world, group));
}

Result<DropReport> Simulation::Drop(std::span<const MessageId> messages) {
  // Before the rest of this instant happens: who names what is not there has changed nothing. That
  // rest may end what is there, as where a contact ends in it; then the message is refused after it.
  for (const MessageId id : messages) DELSTEP_TRY(FindMessage(run_->world, id));
  DELSTEP_TRY(Settled(*run_, FinishArrivals(*run_)));
  return Settled(*run_, delstep::Drop(*run_, messages));
}
Result<std::vector<Message>> Simulation::Deliver(std::span<const MessageId> messages) {
  for (const MessageId id : messages) DELSTEP_TRY(FindMessage(run_->world, id));
  DELSTEP_TRY(Settled(*run_, FinishArrivals(*run_)));
  return Settled(*run_, DeliverNow(*run_, messages));
}
Result<Message> Simulation::Resend(MessageId message) {
  DELSTEP_ASSIGN(const ModelMessage contents, FindMessage(run_->world, message));
  return delstep::Resend(*run_, contents);
}
Result<Message> Simulation::Resend(const Snapshot& moment, MessageId message) {
  DELSTEP_ASSIGN(const ModelMessage contents, FindMessage(*moment.world_, message));
  return delstep::Resend(*run_, contents);
}
bool Simulation::Holds(const Snapshot& moment, MessageId message) const {
  return FindMessage(*moment.world_, message).ok();
}

Result<NetworkReport> Simulation::NetworkStep(std::optional<Duration> duration,
                                              std::stop_token stop) {
  return Settled(*run_, delstep::NetworkStep(*run_, duration, std::move(stop)));
}
Result<NetworkReport> Simulation::NetworkStep(std::span<const NodeId> nodes,
                                              std::optional<Duration> duration,
                                              std::stop_token stop) {
  return Settled(*run_, delstep::NetworkStep(*run_, nodes, duration, std::move(stop)));
}

Result<void> Simulation::Transmit() {
  Run& run = *run_;
  NetworkReport unused;
  NetworkReport& report = run.step_report ? *run.step_report : unused;
  DELSTEP_TRY(Settled(run, TransmitAll(run, report)));
  if (run.world.waiting > 0)
    for (const Node& node : run.world.nodes) DeliverWaiting(run, node.id, report);
  // Commands by hand may have changed what nodes have to do.
  run.agenda.Forget();
  return {};
}
Result<bool> Simulation::HandleNext(SimTime limit, std::stop_token stop) {
  return Settled(*run_, delstep::HandleNext(*run_, limit, {.acting = true}, std::move(stop)));
}
std::optional<Upcoming> Simulation::Next() const { return NextOf(*run_); }
SimTime Simulation::looks_until() const { return LooksUntil(*run_); }

std::vector<Position> Simulation::Positions(std::span<const NodeId> nodes) const {
  std::vector<Position> positions(nodes.size());
  run_->engine.mobility->PositionsAt(run_->world.now, nodes, positions);
  return positions;
}
Result<void> Simulation::Move(NodeId node, double x, double y) {
  DELSTEP_TRY(Settled(*run_, delstep::Move(*run_, node, x, y)));
  return Settled(*run_, TellLegsOf(*run_, node));
}
std::vector<ContactView> Simulation::Contacts() const {
  std::vector<ContactView> views;
  const World& world = run_->world;
  world.met.ForEach([&](NodeId a, NodeId b, const MetPair& pair) {
    const Duration present = pair.now ? world.now - pair.since : Duration(0);
    views.push_back({.a = a,
                     .b = b,
                     .count = pair.count,
                     .seconds = Seconds(pair.together + present),
                     .now = pair.now});
  });
  return views;
}

std::vector<PlannedCommand> Simulation::Plans() const {
  std::vector<PlannedCommand> plans = *run_->world.plans;
  std::ranges::stable_sort(plans, {}, &PlannedCommand::at);
  return plans;
}
Result<std::uint64_t> Simulation::AddPlan(PlannedCommand plan) {
  return delstep::AddPlan(*run_, std::move(plan));
}
bool Simulation::DeletePlan(std::uint64_t number) { return delstep::DeletePlan(*run_, number); }
std::optional<PlannedCommand> Simulation::TakeDuePlan() { return delstep::TakeDuePlan(*run_); }
void Simulation::OnPlansDue(std::function<Result<void>()> run) {
  run_->run_due_plan = std::move(run);
}

const NetworkTraits& Simulation::network_traits() const { return run_->world.network->traits(); }
const Error* Simulation::network_failure() const { return run_->world.network->failure(); }
Result<std::size_t> Simulation::RestartNetwork() { return delstep::RestartNetwork(*run_); }

void Simulation::SetAutonet(bool on) { run_->world.autonet = on; }
Result<void> Simulation::SetDefaultLoss(double loss) {
  return Settled(*run_, delstep::SetDefaultLoss(*run_, loss));
}
Result<LinkReport> Simulation::ChangeLink(NodeId a, NodeId b, const LinkChange& change) {
  DELSTEP_ASSIGN(LinkReport report, Settled(*run_, delstep::ChangeLink(*run_, a, b, change)));
  // A link that is up again is as good as a new one: whoever waited for the other may go on.
  if (change.up) TellOfPairLater(*run_, a, b);
  return report;
}
Result<LinkReport> Simulation::ChangeLinks(std::span<const LinkView> links,
                                           const LinkChange& change) {
  return Settled(*run_, delstep::ChangeLinks(*run_, links, change));
}
Result<LinkReport> Simulation::ResetLinks(std::span<const LinkView> links) {
  return Settled(*run_, delstep::ResetLinks(*run_, links));
}
Result<NodeId> Simulation::AddNode(const NewNode& node) {
  return Settled(*run_, delstep::AddNode(*run_, node));
}
Result<RemoveReport> Simulation::RemoveNode(NodeId node) {
  DELSTEP_TRY(Settled(*run_, FinishArrivals(*run_)));
  return Settled(*run_, delstep::RemoveNode(*run_, node));
}
Result<std::size_t> Simulation::SetUp(NodeId node, bool up) {
  DELSTEP_TRY(Settled(*run_, FinishArrivals(*run_)));
  DELSTEP_ASSIGN(const std::size_t lost, Settled(*run_, GoUpOrDown(*run_, node, up, false)));
  TellOfNodeLater(*run_, node);
  return lost;
}

bool Simulation::CreateGroup(std::string_view name) { return delstep::CreateGroup(*run_, name); }
std::size_t Simulation::DeleteGroup(std::string_view name) {
  return delstep::DeleteGroup(*run_, name);
}
GroupReport Simulation::AddToGroup(std::string_view name, std::span<const NodeId> nodes) {
  return delstep::AddToGroup(*run_, name, nodes);
}
GroupReport Simulation::RemoveFromGroup(std::string_view name, std::span<const NodeId> nodes) {
  return delstep::RemoveFromGroup(*run_, name, nodes);
}

std::uint64_t Simulation::NextCycle() {
  Run& run = *run_;
  // Noted before the number changes: the event belongs to the cycle that it ends.
  run.Note(CycleAdvanced{.cycle = run.world.cycle + 1});
  StartCycleRecord(run);
  return ++run.world.cycle;
}

void Simulation::KeepCycleStarts() {
  run_->keeps_cycle_starts = true;
  // Where a resumed run began its cycle, its record tells. If it does not, nothing does.
  if (!run_->resumed) KeepCycleStart(*run_);
}

Result<std::vector<std::string>> Simulation::Reconfigure(const Scenario& changed,
                                                         std::string_view key,
                                                         std::string_view value) {
  return Settled(*run_, delstep::Reconfigure(*run_, changed, key, value));
}
Result<void> Simulation::Reconfigure(const Scenario& changed, std::string_view key,
                                     std::string_view value, std::span<const NodeId> nodes) {
  return delstep::Reconfigure(*run_, changed, key, value, nodes);
}
Result<void> Simulation::CanReconfigure(const Scenario& changed) const {
  return CanRenewEngine(run_->engine, changed);
}
std::vector<std::string> Simulation::NodeKeys() { return NodeOptionKeys(); }
Result<void> Simulation::CheckNodeKey(std::string_view key) { return CheckNodeOption(key); }

}  // namespace delstep
