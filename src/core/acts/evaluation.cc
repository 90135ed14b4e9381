#include "core/acts/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <utility>

#include "core/engine/compute.h"
#include "delstep/random.h"

namespace delstep {
namespace {

/// A matrix of these is 8 MB.
constexpr std::int32_t kMostClasses = 1000;

std::vector<std::uint32_t> UnionOfHeldOut(const World& world, std::span<const NodeId> nodes,
                                          std::size_t examples) {
  // Nodes made `like` another hold the same examples: each counts once.
  std::vector<bool> held(examples);  // ascending order comes for free
  for (const NodeId node : nodes)
    for (const std::uint32_t example : *world.at(node).held_out) held[example] = true;
  std::vector<std::uint32_t> all;
  for (std::uint32_t example = 0; example < examples; ++example)
    if (held[example]) all.push_back(example);
  return all;
}

/// The examples drawn from these, ascending. The first steps of a shuffle are such a draw; what a
/// smaller sample draws, a larger one draws first.
std::vector<std::uint32_t> SampleOf(std::vector<std::uint32_t> examples, std::uint64_t count,
                                    std::uint64_t seed) {
  if (count >= examples.size()) return examples;
  Random random(MakeKey(seed, Purpose::kSample));
  for (std::size_t i = 0; i < count; ++i)
    std::swap(examples[i],
              examples[i + static_cast<std::size_t>(random.Below(examples.size() - i))]);
  examples.resize(static_cast<std::size_t>(count));
  std::ranges::sort(examples);
  return examples;
}

/// What every node of the command is tested on; of no use for `local`.
Result<std::vector<std::uint32_t>> SharedTestExamples(const Run& run,
                                                      const EvaluationScope& scope) {
  using Kind = EvaluationScope::Kind;
  const LoadedData& data = run.engine.data;
  const std::size_t size = data.dataset.size();
  std::vector<std::uint32_t> examples;
  if (scope.kind == Kind::kGroup) {
    const NodeGroup* group = run.world.FindGroup(scope.group);
    assert(group);
    examples = UnionOfHeldOut(run.world, group->members.list(), size);
    if (examples.empty())
      return Refused(
          fmt::format("group '{}' holds no test data: {}", scope.group,
                      group->members.empty() ? "it has no members" : "its members held none out"));
    return examples;
  }
  if (scope.kind == Kind::kSample) {
    DELSTEP_ASSIGN(examples, SharedTestExamples(run, {.kind = Kind::kGeneral}));
    return SampleOf(std::move(examples), scope.sample, run.engine.scenario->seed);
  }
  // What was not dealt to anybody is the official test part: no node has seen it.
  if (scope.kind == Kind::kGeneral && run.engine.scenario->data.pool == "train" &&
      data.train_examples < size) {
    for (auto i = static_cast<std::uint32_t>(data.train_examples); i < size; ++i)
      examples.push_back(i);
    return examples;
  }
  // Where everything was dealt, `general` can mean nothing but what all nodes have held out.
  examples = UnionOfHeldOut(run.world, run.world.Present(), size);
  if (examples.empty())
    return Refused("there is no held-out data to test on",
                   "data.test_fraction says how much of its data a node holds out");
  return examples;
}

/// A node, and the name under which its result may be known already: the version of its model row
/// and the examples.
struct Test {
  NodeId node{};
  EvaluationKey key;
};

/// For `local` only: the other scopes fail earlier, and for all nodes together.
Error NothingHeldOut(const World& world, std::span<const NodeId> nodes) {
  return Refused(nodes.size() == 1 ? fmt::format("{} has no held-out data to test on",
                                                 world.at(nodes[0]).Called())
                                   : "none of these nodes has held-out data to test on",
                 "data.test_fraction says how much of its data a node holds out");
}

/// The tests that a command asks for.
struct TestList {
  Examples shared;  ///< null: each node has its own
  std::vector<Test> tests;

  const Examples& ExamplesOf(const World& world, NodeId node) const {
    return shared ? shared : world.at(node).held_out;
  }
};

Result<TestList> ListTests(const Run& run, std::span<const NodeId> nodes,
                           const EvaluationScope& scope) {
  const bool local = scope.kind == EvaluationScope::Kind::kLocal;
  TestList list;
  std::vector<Test>& tests = list.tests;
  ExamplesHash shared_hash{};
  if (!local) {
    DELSTEP_ASSIGN(std::vector<std::uint32_t> examples, SharedTestExamples(run, scope));
    shared_hash = HashExamples(examples);
    list.shared = std::make_shared<const std::vector<std::uint32_t>>(std::move(examples));
  }
  for (const NodeId id : nodes) {
    const Node& node = run.world.at(id);
    // Left out rather than refused: `test local` of all nodes is of use where some hold nothing
    // out.
    if (local && node.held_out->empty()) continue;
    tests.push_back({.node = id,
                     .key = {.model = node.model.version(),
                             .examples = local ? HashExamples(*node.held_out) : shared_hash}});
  }
  if (tests.empty() && !nodes.empty()) return NothingHeldOut(run.world, nodes);
  return list;
}

// Ordered, so that nothing depends on the order of a hash table.
using Results = std::map<EvaluationKey, EvaluateResult>;

/// Has the learner do what the cache does not know, each test once however many nodes share it.
Result<Results> ResultsOf(Run& run, const TestList& list, bool by_class, std::stop_token stop) {
  Engine& engine = run.engine;
  Results results;
  std::vector<EvaluationKey> asked;
  std::vector<Testing> jobs;
  for (const auto& [id, key] : list.tests) {
    const auto [place, fresh] = results.try_emplace(key);
    if (!fresh) continue;  // another node of this command has the same model and examples
    // The cache knows no matrices: a hundred classes make ten thousand numbers.
    if (const EvaluateResult* known = by_class ? nullptr : engine.evaluations.Find(key)) {
      place->second = *known;
      continue;
    }
    const Node& node = run.world.at(id);
    jobs.push_back({.node = id,
                    .model = node.model,
                    .examples = list.ExamplesOf(run.world, id),
                    .confusion = by_class});
    asked.push_back(key);
  }
  // Nothing new to compute: a second `test` in a row takes no time.
  if (jobs.empty()) return results;
  std::vector<EvaluateResult> done = EvaluateRows(engine, jobs, std::move(stop));
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (done[i].failure == JobFailure::kStopped) return Interrupted("stopped: nothing was tested");
    if (done[i].failure != JobFailure::kNone)
      return Refused(fmt::format("{}: {}", run.world.at(jobs[i].node).Called(), done[i].error));
  }
  // Kept only now that all are good: a command that fails leaves nothing behind.
  for (std::size_t i = 0; i < done.size(); ++i) {
    std::vector<std::int64_t> confusion = std::exchange(done[i].confusion, {});
    engine.evaluations.Keep(asked[i], done[i]);
    results[asked[i]] = std::move(done[i]);
    results[asked[i]].confusion = std::move(confusion);
  }
  return results;
}

/// Tests and notes nothing.
Result<std::vector<ClassTest>> MakeTests(Run& run, std::span<const NodeId> nodes,
                                         const EvaluationScope& scope, bool by_class,
                                         std::stop_token stop) {
  DELSTEP_ASSIGN(const TestList list, ListTests(run, nodes, scope));
  DELSTEP_ASSIGN(const Results results, ResultsOf(run, list, by_class, std::move(stop)));
  std::vector<ClassTest> done;
  for (const auto& [id, key] : list.tests) {
    const EvaluateResult& result = results.at(key);
    const double share = static_cast<double>(result.correct) / static_cast<double>(result.examples);
    done.push_back({.test = {.node = id,
                             .scope = scope,
                             .examples = result.examples,
                             .loss = result.loss,
                             .accuracy = share},
                    .confusion = result.confusion});
  }
  return done;
}

void KeepTest(Run& run, const Evaluated& test) {
  run.world.Change(test.node).NoteTest(test);
  run.world.last_scope = test.scope;
  run.Note(test);
}

}  // namespace

Result<TestCost> CostOfTest(const Run& run, std::span<const NodeId> nodes,
                            const EvaluationScope& scope, bool by_class) {
  DELSTEP_ASSIGN(const TestList list, ListTests(run, nodes, scope));
  TestCost cost;
  std::set<EvaluationKey> counted;
  for (const auto& [id, key] : list.tests) {
    // As ResultsOf(): known results are asked for, but for matrices.
    if (!counted.insert(key).second || (!by_class && run.engine.evaluations.Find(key))) continue;
    ++cost.models;
    cost.examples += list.ExamplesOf(run.world, id)->size();
  }
  return cost;
}

Result<std::vector<Evaluated>> Evaluate(Run& run, std::span<const NodeId> nodes,
                                        const EvaluationScope& scope, std::stop_token stop) {
  DELSTEP_ASSIGN(const std::vector<ClassTest> tests,
                 MakeTests(run, nodes, scope, false, std::move(stop)));
  std::vector<Evaluated> evaluated;
  for (const ClassTest& test : tests) {
    evaluated.push_back(test.test);
    KeepTest(run, test.test);
  }
  return evaluated;
}

Result<std::vector<ClassTest>> EvaluateByClass(Run& run, std::span<const NodeId> nodes,
                                               const EvaluationScope& scope, bool look_only,
                                               std::stop_token stop) {
  if (const std::int32_t classes = run.engine.data.dataset.classes; classes > kMostClasses)
    return Refused(fmt::format("the data have {} classes; results by class are for at most {}",
                               classes, kMostClasses),
                   "test without `by class`");
  DELSTEP_ASSIGN(std::vector<ClassTest> tests, MakeTests(run, nodes, scope, true, std::move(stop)));
  if (!look_only)
    for (const ClassTest& test : tests) KeepTest(run, test.test);
  return tests;
}

}  // namespace delstep
