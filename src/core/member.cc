#include "core/member.h"

#include <cassert>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/host_name.h"
#include "core/cluster/orders.h"
#include "core/engine/compute.h"
#include "core/engine/consensus.h"
#include "core/engine/engine.h"
#include "core/member_engines.h"
#include "core/member_rows.h"
#include "core/memory.h"

namespace delstep {
namespace {

class Member {
 public:
  Member(Processes& processes, const Registry& registry, const LoadSavedScenario& load,
         const HashSource& hash)
      : processes_(processes), engines_(registry, load, hash) {}

  void Serve() {
    for (;;) {
      const std::string order = processes_.Receive(0);
      assert(!order.empty());
      const auto work = static_cast<Work>(order[0]);
      if (work == Work::kEnd) return;
      if (work == Work::kStop) continue;  // it came too late: the answer was on its way
      processes_.Send(0, Answer(CarryOut(work, std::string_view(order).substr(1))));
    }
  }

 private:
  Result<std::string> CarryOut(Work work, std::string_view order) {
    ByteReader reader(order);
    for (const std::uint64_t number : ListOf<std::uint64_t>(reader.Text())) Forget(number);
    Engine* const engine = ReadEngine(reader);
    ReadLists(reader);
    ReadLabels(reader, engine);  // they need the data set of the engine
    ExchangeRows(reader);
    const std::string_view common = reader.Text();
    auto results = DoWork(work, engine, common, reader);
    assert(!results || reader.AtEnd());
    return results;
  }

  void Forget(std::uint64_t number) {
    rows_.Forget(number);
    lists_.erase(number);
    labels_.erase(number);
  }

  /// Null where the order needs none.
  Engine* ReadEngine(ByteReader& reader) {
    const std::uint64_t number = reader.Number(), version = reader.Number();
    return number == 0 ? nullptr : &engines_.Of({.number = number, .version = version});
  }

  void ReadLists(ByteReader& reader) {
    for (std::size_t left = reader.Count(16); left > 0; --left) {
      const std::uint64_t number = reader.Number();
      lists_[number] =
          std::make_shared<const std::vector<std::uint32_t>>(ListOf<std::uint32_t>(reader.Text()));
    }
  }

  void ReadLabels(ByteReader& reader, const Engine* engine) {
    for (std::size_t left = reader.Count(16); left > 0; --left) {
      const std::uint64_t number = reader.Number();
      auto own = std::make_shared<OwnLabels>();
      own->labels = ListOf<std::int32_t>(reader.Text());
      if (engine == nullptr) continue;
      own->dataset = engine->data.dataset;
      own->dataset.labels = own->labels;
      labels_[number] = std::move(own);
    }
  }

  void ExchangeRows(ByteReader& reader) {
    std::vector<Processes::Outgoing> out;
    std::vector<Processes::Incoming> in;
    for (std::size_t left = reader.Count(16); left > 0; --left) {
      const Row& row = rows_.Of(reader.Number());
      out.push_back({.to = static_cast<int>(reader.Number()), .numbers = row.view()});
    }
    for (std::size_t left = reader.Count(24); left > 0; --left) {
      const std::uint64_t number = reader.Number();
      const std::size_t floats = reader.Number();
      Row& row = rows_.Put(number, pools_.try_emplace(floats, floats).first->second.New());
      in.push_back({.from = static_cast<int>(reader.Number()), .numbers = row.Write()});
    }
    processes_.Exchange(out, in);
  }

  Result<std::string> DoWork(Work work, Engine* engine, std::string_view common,
                             ByteReader& reader) {
    const std::size_t items = reader.Number();
    switch (work) {
      case Work::kPropose:
        return engines_.Propose(common);
      case Work::kInitialise:
        return Initialise(*engine, items, reader);
      case Work::kTrain:
        return Train(*engine, items, reader);
      case Work::kEvaluate:
        return Evaluate(*engine, items, reader);
      case Work::kSum:
        return Sum(*engine, items, reader);
      case Work::kRule:
        return AskRules(*engine, items, reader);
      case Work::kEncode:
        return EncodeInMember(*engine, rows_, items, reader);
      case Work::kAttack:
        return AttackInMember(*engine, rows_, items, reader);
      case Work::kWriteRows:
        return WriteInMember(rows_, common, items, reader);
      case Work::kReadRows:
        return ReadInMember(pools_, rows_, common, items, reader);
      case Work::kHash:
        return Hash(items, reader);
      case Work::kAddToMean:
        return AddRowsToMean(common, items, reader);
      case Work::kDistances:
        return Distances(common, items, reader);
      case Work::kFigures:
        return Figures();
      case Work::kNothing:
      case Work::kStop:
      case Work::kEnd:
        break;
    }
    return std::string();
  }

  Result<std::string> Initialise(Engine& engine, std::size_t items, ByteReader& reader) {
    std::vector<NodeId> nodes;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> names;
    for (; items > 0; --items) {
      nodes.push_back(static_cast<NodeId>(reader.Number()));
      names.emplace_back(reader.Number(), 0);
      names.back().second = reader.Number();
    }
    DELSTEP_ASSIGN(auto rows, InitialRows(engine, nodes));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows_.Put(names[i].first, std::move(rows[i].first));
      rows_.Put(names[i].second, std::move(rows[i].second));
    }
    return std::string();
  }

  std::string Train(Engine& engine, std::size_t items, ByteReader& reader) {
    std::vector<Training> trainings;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> names;
    for (; items > 0; --items) {
      Training& training = trainings.emplace_back();
      training.node = static_cast<NodeId>(reader.Number());
      training.model = rows_.Of(reader.Number());
      training.state = rows_.Of(reader.Number());
      training.anchor = rows_.OfOrNone(reader.Number());
      names.emplace_back(reader.Number(), 0);
      names.back().second = reader.Number();
      training.examples = lists_.at(reader.Number());
      if (const std::uint64_t labels = reader.Number(); labels != 0)
        training.labels = labels_.at(labels);
      training.key = ReadKey(reader);
      training.options = ReadTrainOptions(reader);
    }
    std::vector<DoneTraining> done;
    RunUntilStopped([&](std::stop_token stop) { done = TrainRows(engine, trainings, stop); });
    ByteWriter results;
    for (std::size_t i = 0; i < done.size(); ++i) {
      Add(results, done[i].result);
      if (done[i].result.failure != JobFailure::kNone) continue;
      rows_.Put(names[i].first, std::move(done[i].model));
      rows_.Put(names[i].second, std::move(done[i].state));
    }
    return results.Take();
  }

  std::string Evaluate(Engine& engine, std::size_t items, ByteReader& reader) {
    std::vector<Testing> tests;
    for (; items > 0; --items) {
      Testing& test = tests.emplace_back();
      test.node = static_cast<NodeId>(reader.Number());
      test.model = rows_.Of(reader.Number());
      test.examples = lists_.at(reader.Number());
      test.confusion = reader.Flag();
    }
    std::vector<EvaluateResult> done;
    RunUntilStopped([&](std::stop_token stop) { done = EvaluateRows(engine, tests, stop); });
    ByteWriter results;
    for (const EvaluateResult& result : done) Add(results, result);
    return results.Take();
  }

  Result<std::string> Sum(Engine& engine, std::size_t items, ByteReader& reader) {
    // The lists are all read before a sum points into them.
    std::vector<std::vector<RowTerm>> terms(items), buffers(items);
    std::vector<std::uint64_t> names;
    std::vector<RowSum> sums(items);
    for (std::size_t i = 0; i < items; ++i) {
      names.push_back(reader.Number());
      terms[i] = ReadTerms(reader);
      buffers[i] = ReadTerms(reader);
      sums[i].terms = terms[i];
      sums[i].buffers = buffers[i];
    }
    DELSTEP_TRY(SumRows(engine, sums));
    for (std::size_t i = 0; i < items; ++i) rows_.Put(names[i], std::move(sums[i].out));
    return std::string();
  }
  std::vector<RowTerm> ReadTerms(ByteReader& reader) const {
    std::vector<RowTerm> terms;
    for (std::size_t left = reader.Count(16); left > 0; --left) {
      RowTerm& term = terms.emplace_back();
      term.row = &rows_.Of(reader.Number());
      term.weight = static_cast<float>(reader.Real());
    }
    return terms;
  }

  Result<std::string> AskRules(Engine& engine, std::size_t items, ByteReader& reader) {
    std::vector<RulePiece> pieces(items);
    std::vector<std::uint64_t> names;
    std::vector<const RulePiece*> asked;
    for (RulePiece& piece : pieces) {
      names.push_back(reader.Number());
      piece.rate = reader.Real();
      if (const std::uint64_t anchor = reader.Number(); anchor != 0)
        piece.anchor = &rows_.Of(anchor);
      piece.scale = reader.Real();
      for (std::size_t left = reader.Count(32); left > 0; --left) {
        piece.rows.push_back(&rows_.Of(reader.Number()));
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
      if (weights && names[i] != 0) rows_.Put(names[i], std::move(done[i].out));
    }
    return results.Take();
  }

  std::string Hash(std::size_t items, ByteReader& reader) const {
    ByteWriter results;
    for (; items > 0; --items) {
      const Row& row = rows_.Of(reader.Number());
      results.Add(HashBytes(std::as_bytes(row.view())));
    }
    return results.Take();
  }

  std::vector<const Row*> ReadRows(std::size_t items, ByteReader& reader) const {
    std::vector<const Row*> rows;
    for (; items > 0; --items) rows.push_back(&rows_.Of(reader.Number()));
    return rows;
  }
  std::string AddRowsToMean(std::string_view sums, std::size_t items, ByteReader& reader) const {
    std::vector<double> mean = ListOf<double>(sums);
    AddToMean(ReadRows(items, reader), mean);
    return std::string(BytesOfList(mean));
  }
  std::string Distances(std::string_view mean, std::size_t items, ByteReader& reader) const {
    const std::vector<double> squares =
        SquaredDistances(ReadRows(items, reader), ListOf<double>(mean));
    return std::string(BytesOfList(squares));
  }

  std::string Figures() const {
    ByteWriter results;
    results.Add(std::string_view(HostName()));
    results.Add(std::uint64_t{rows_.size()});
    results.Add(std::uint64_t{rows_.bytes()});
    results.Add(engines_.trainings());
    results.Add(ResidentBytes());
    return results.Take();
  }

  /// Runs work(stop) on a thread of its own, while this one listens for the leader's kStop.
  template <class F>
  void RunUntilStopped(F work) {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::jthread thread([&](const std::stop_token& stop) {
      work(stop);
      const std::scoped_lock lock(mutex);
      done = true;
      changed.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, std::chrono::milliseconds(2), [&] { return done; })) {
      lock.unlock();
      if (!thread.get_stop_token().stop_requested() && processes_.HasMessage(0)) {
        [[maybe_unused]] const std::string order = processes_.Receive(0);
        assert(order.size() == 1 && static_cast<Work>(order[0]) == Work::kStop);
        thread.request_stop();
      }
      lock.lock();
    }
  }

  Processes& processes_;
  MemberEngines engines_;
  MemberPools pools_;
  MemberRows rows_;
  std::unordered_map<std::uint64_t, Examples> lists_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const OwnLabels>> labels_;
};

}  // namespace

void ServeRun(Processes& processes, const Registry& registry, const LoadSavedScenario& load,
              const HashSource& hash) {
  assert(processes.self() > 0);
  Member(processes, registry, load, hash).Serve();
}

}  // namespace delstep
