#include "core/member.h"

#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/host_name.h"
#include "core/cluster/orders.h"
#include "core/engine/consensus.h"
#include "core/engine/engine.h"
#include "core/member_compute.h"
#include "core/member_engines.h"
#include "core/member_lists.h"
#include "core/member_rows.h"
#include "core/memory.h"

namespace delstep {
namespace {

class Member {
 public:
  Member(Processes& processes, const Registry& registry, const LoadSavedScenario& load)
      : processes_(processes), engines_(registry, load) {}

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
    lists_.ReadExamples(reader);
    lists_.ReadLabels(reader, engine);  // they need the data set of the engine
    ExchangeRows(reader);
    const std::string_view common = reader.Text();
    auto results = DoWork(work, engine, common, reader);
    assert(!results || reader.AtEnd());
    return results;
  }

  void Forget(std::uint64_t number) {
    rows_.Forget(number);
    lists_.Forget(number);
  }

  /// Null where the order needs none.
  Engine* ReadEngine(ByteReader& reader) {
    const std::uint64_t number = reader.Number(), version = reader.Number();
    return number == 0 ? nullptr : &engines_.Of({.number = number, .version = version});
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
        return InitialiseInMember(*engine, rows_, items, reader);
      case Work::kTrain:
        return TrainInMember(*engine, processes_, rows_, lists_, items, reader);
      case Work::kEvaluate:
        return EvaluateInMember(*engine, processes_, rows_, lists_, items, reader);
      case Work::kSum:
        return SumInMember(*engine, rows_, items, reader);
      case Work::kRule:
        return AskRulesInMember(*engine, rows_, items, reader);
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

  Processes& processes_;
  MemberEngines engines_;
  MemberPools pools_;
  MemberRows rows_;
  MemberLists lists_;
};

}  // namespace

void ServeRun(Processes& processes, const Registry& registry, const LoadSavedScenario& load) {
  assert(processes.self() > 0);
  Member(processes, registry, load).Serve();
}

}  // namespace delstep
