#include "core/member_compute.h"

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/cluster/orders.h"
#include "core/engine/compute.h"

namespace delstep {
namespace {

/// Runs work(stop) on a thread of its own, while this one listens for the leader's kStop. What work
/// throws is thrown here.
template <class F>
void RunUntilStopped(Processes& processes, F work) {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::exception_ptr failure;
  std::jthread thread([&](const std::stop_token& stop) {
    try {
      work(stop);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::scoped_lock lock(mutex);
    done = true;
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  while (!changed.wait_for(lock, std::chrono::milliseconds(2), [&] { return done; })) {
    lock.unlock();
    if (!thread.get_stop_token().stop_requested() && processes.HasMessage(0)) {
      [[maybe_unused]] const std::string order = processes.Receive(0);
      assert(order.size() == 1 && static_cast<Work>(order[0]) == Work::kStop);
      thread.request_stop();
    }
    lock.lock();
  }
  if (failure) std::rethrow_exception(failure);
}

std::vector<RowTerm> ReadTerms(const MemberRows& rows, ByteReader& reader) {
  std::vector<RowTerm> terms;
  for (std::size_t left = reader.Count(16); left > 0; --left) {
    RowTerm& term = terms.emplace_back();
    term.row = &rows.Of(reader.Number());
    term.weight = static_cast<float>(reader.Real());
  }
  return terms;
}

}  // namespace

Result<std::string> InitialiseInMember(Engine& engine, MemberRows& rows, std::size_t items,
                                       ByteReader& reader) {
  std::vector<NodeId> nodes;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> names;
  for (; items > 0; --items) {
    nodes.push_back(static_cast<NodeId>(reader.Number()));
    names.emplace_back(reader.Number(), 0);
    names.back().second = reader.Number();
  }
  DELSTEP_ASSIGN(auto made, InitialRows(engine, nodes));
  for (std::size_t i = 0; i < made.size(); ++i) {
    rows.Put(names[i].first, std::move(made[i].first));
    rows.Put(names[i].second, std::move(made[i].second));
  }
  return std::string();
}

std::string TrainInMember(Engine& engine, Processes& processes, MemberRows& rows,
                          const MemberLists& lists, std::size_t items, ByteReader& reader) {
  std::vector<Training> trainings;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> names;
  for (; items > 0; --items) {
    Training& training = trainings.emplace_back();
    training.node = static_cast<NodeId>(reader.Number());
    training.model = rows.Of(reader.Number());
    training.state = rows.Of(reader.Number());
    training.anchor = rows.OfOrNone(reader.Number());
    names.emplace_back(reader.Number(), 0);
    names.back().second = reader.Number();
    training.examples = lists.ExamplesOf(reader.Number());
    training.labels = lists.LabelsOf(reader.Number());
    training.key = ReadKey(reader);
    training.options = ReadTrainOptions(reader);
  }
  std::vector<DoneTraining> done;
  RunUntilStopped(processes,
                  [&](std::stop_token stop) { done = TrainRows(engine, trainings, stop); });
  ByteWriter results;
  for (std::size_t i = 0; i < done.size(); ++i) {
    Add(results, done[i].result);
    // The rows of one that failed are of no use, and the leader asks nobody for them.
    if (done[i].result.failure != JobFailure::kNone) continue;
    rows.Put(names[i].first, std::move(done[i].model));
    rows.Put(names[i].second, std::move(done[i].state));
  }
  return results.Take();
}

std::string EvaluateInMember(Engine& engine, Processes& processes, const MemberRows& rows,
                             const MemberLists& lists, std::size_t items, ByteReader& reader) {
  std::vector<Testing> tests;
  for (; items > 0; --items) {
    Testing& test = tests.emplace_back();
    test.node = static_cast<NodeId>(reader.Number());
    test.model = rows.Of(reader.Number());
    test.examples = lists.ExamplesOf(reader.Number());
    test.confusion = reader.Flag();
  }
  std::vector<EvaluateResult> done;
  RunUntilStopped(processes,
                  [&](std::stop_token stop) { done = EvaluateRows(engine, tests, stop); });
  ByteWriter results;
  for (const EvaluateResult& result : done) Add(results, result);
  return results.Take();
}

Result<std::string> SumInMember(Engine& engine, MemberRows& rows, std::size_t items,
                                ByteReader& reader) {
  // The lists are all read before a sum points into them.
  std::vector<std::vector<RowTerm>> terms(items), buffers(items);
  std::vector<std::uint64_t> names;
  std::vector<RowSum> sums(items);
  for (std::size_t i = 0; i < items; ++i) {
    names.push_back(reader.Number());
    terms[i] = ReadTerms(rows, reader);
    buffers[i] = ReadTerms(rows, reader);
    sums[i].terms = terms[i];
    sums[i].buffers = buffers[i];
  }
  DELSTEP_TRY(SumRows(engine, sums));
  for (std::size_t i = 0; i < items; ++i) rows.Put(names[i], std::move(sums[i].out));
  return std::string();
}

Result<std::string> AskRulesInMember(Engine& engine, MemberRows& rows, std::size_t items,
                                     ByteReader& reader) {
  std::vector<RulePiece> pieces(items);
  std::vector<std::uint64_t> names;
  std::vector<const RulePiece*> asked;
  for (RulePiece& piece : pieces) {
    names.push_back(reader.Number());
    piece.rate = reader.Real();
    if (const std::uint64_t anchor = reader.Number(); anchor != 0) piece.anchor = &rows.Of(anchor);
    piece.scale = reader.Real();
    for (std::size_t left = reader.Count(32); left > 0; --left) {
      piece.rows.push_back(&rows.Of(reader.Number()));
      PeerModel& model = piece.models.emplace_back();
      model.node = static_cast<NodeId>(reader.Number());
      model.samples = reader.Number();
      model.degree = static_cast<std::uint32_t>(reader.Number());
    }
    asked.push_back(&piece);
  }
  DELSTEP_ASSIGN(std::vector<RuleResult> done, AskRule(engine, asked));
  ByteWriter results;
  for (std::size_t i = 0; i < done.size(); ++i) {
    const Result<std::string> weights = done[i].error
                                            ? Result<std::string>(*std::move(done[i].error))
                                            : std::string(BytesOfList(done[i].weights));
    results.Add(std::string_view(Answer(weights)));
    if (weights && names[i] != 0) rows.Put(names[i], std::move(done[i].out));
  }
  return results.Take();
}

}  // namespace delstep
