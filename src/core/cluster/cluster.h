#pragma once
/// A run on many processes, as the first of them sees it.
///
/// The first process leads: it alone has the session, the world, the network and the history. A row
/// (core/world/row.h) may lie in any process; the world holds handles, so that all that a command does
/// to the world happens once, in one place and one order, as in a run of one process. What reads or makes
/// many rows (training, testing, averaging, hashing) is dealt to the processes that have the rows. So
/// the events and the hashes are those of one process, bit for bit, whatever the number of processes.
///
/// A command that computes is a round:
///
///   Round round(cluster, engine);
///   round.Need(row, process);                  // for each row that the work there reads
///   round.Item(process, Work::kTrain).Add(..); // for each piece of work there
///   round.Start();                             // orders go out, rows go where they are needed
///   ... the leader's own share ...
///   auto answers = round.Finish(stop);         // a text of results per process
///
/// Rows that are made elsewhere get their handle before the round (RowPool::NewAt). A row that nobody
/// refers to any more is forgotten by those who hold it with the next order that they get.
///
/// Least traffic: a row goes at most once to a process, and stays there as long as anybody refers to
/// it; a list of examples likewise.
///
/// Errors: a process that dies ends the run (cluster/processes.h). Threads: Forget(), Bring() and
/// rounds may come from any thread; a round has its turn from its construction to Finish(), and others
/// wait. So between Start() and Finish() nobody may look at a row that is not here.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "cluster/processes.h"
#include "core/cluster/orders.h"
#include "core/world/row.h"
#include "core/world/world.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// What others know of a run's engine. `version` is another one whenever the engine is made anew, and
/// no attempt to do so has the version of another.
struct EngineName {
  std::uint64_t number = 0, version = 0;
};

/// One of the processes that have the numbers, chosen by the row, so that of many rows that several
/// have each process is asked for some.
int ChooseHolder(const Row& row);

/// What a process holds and has done.
struct ProcessFigures {
  std::string host;
  std::size_t rows = 0;         ///< whose numbers it has
  Bytes row_bytes = 0;          ///< of these
  Bytes received = 0;           ///< numbers of rows that came from other processes so far
  std::uint64_t trainings = 0;  ///< of nodes, since it began
  Bytes resident = 0;           ///< of the whole process, as the system says
};

class Cluster final : public OtherProcesses {
 public:
  using SaveScenario = std::function<std::string(const Scenario&)>;
  /// This process is number 0 of `processes`.
  Cluster(std::unique_ptr<Processes> processes, SaveScenario save);
  /// Tells the others that the run is over.
  ~Cluster() override;

  int size() const { return processes_->size(); }
  /// Has all others make the engine `next` from `scenario`, which is `present` made anew (without a number:
  /// there is none yet), and keep what they have made until the first order of a round that names it. An
  /// order that names an earlier version drops it: so all or none go on with the new one. `rule`: the version
  /// that the rule of aggregation was made for, which is taken again; 0: it is made anew.
  ///
  /// Returns what each answers (core/engine/agreement.h), from number 1 on. Errors: of the first that
  /// cannot make it; all go on with what they had.
  Result<std::vector<std::string>> ProposeEngine(EngineName present, EngineName next,
                                                 const Scenario& scenario, std::uint64_t rule);
  /// A name that no engine has had.
  EngineName NewEngine() { return {.number = ++engines_, .version = ++versions_}; }
  /// A name for the same engine made anew.
  EngineName Renewed(EngineName engine) {
    return {.number = engine.number, .version = ++versions_};
  }

  void Bring(const Row& row) override;
  void Forget(std::uint64_t version, std::uint64_t holders) override;
  std::vector<std::uint64_t> Hash(std::span<const Row> rows) override;

  /// Of all processes but this one, from number 1 on.
  Result<std::vector<ProcessFigures>> AskFigures();
  /// Numbers of rows that came here from other processes so far.
  Bytes received_here();

 private:
  friend class Round;
  /// Something that others keep under a number as long as it lives here.
  struct Shared {
    std::uint64_t number = 0;
    std::weak_ptr<const void> value;
    std::uint64_t holders = 0;
  };
  /// What one other process knows and does not know yet.
  struct Other {
    std::vector<std::uint64_t> forgotten;  // guarded by forgetting_
  };
  Shared& NumberOf(const std::shared_ptr<const void>& value);
  void DropExpired();

  const std::unique_ptr<Processes> processes_;
  const SaveScenario save_;
  std::mutex turn_;  // guards the processes and all that follows
  std::uint64_t engines_ = 0, versions_ = 0, numbers_ = 0;
  std::vector<Other> others_;
  std::map<const void*, Shared> shared_;
  std::vector<Bytes> received_;     // by process
  std::size_t shared_before_ = 64;  // when expired ones were last looked for
  std::mutex forgetting_;
};

class Round {
 public:
  /// `engine`: one that all have agreed to make (Cluster::ProposeEngine); without a number: the round needs
  /// none, as rows go, or are read as numbers. Waits until others have had their turn.
  explicit Round(Cluster& cluster, EngineName engine = {});
  ~Round();
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;

  /// The process will have the numbers of the row before it begins to work.
  void Need(const Row& row, int process);
  /// The number under which the other process has the list, or the labels; 0 for null.
  std::uint64_t NumberOf(const Examples& examples, int process);
  std::uint64_t NumberOf(const std::shared_ptr<const OwnLabels>& labels, int process);
  /// Begins an item of the work of another process, all of one kind; the caller adds what belongs to it.
  ByteWriter& Item(int process, Work work);
  /// What all items of that process share.
  void SetCommon(int process, std::string common);

  /// Sends all out; returns once the rows that were needed here are here.
  void Start();
  /// Waits for all answers: by process, empty where none was asked. After `stop` the others are told to
  /// stop, and waited for all the same. Errors: the first process's that failed.
  Result<std::vector<std::string>> Finish(std::stop_token stop = {});

 private:
  /// All that one process will be told.
  struct Order {
    Work work = Work::kNothing;
    bool wanted = false;
    ByteWriter lists, labels, sends, receives, items;
    std::uint64_t list_count = 0, label_count = 0, send_count = 0, receive_count = 0,
                  item_count = 0;
    std::string common;
  };
  Order& At(int process);
  std::string MessageTo(int process);
  std::string ReceiveFrom(int process, const std::stop_token& stop, bool& told);

  Cluster& cluster_;
  const std::unique_lock<std::mutex> lock_;
  const EngineName engine_;
  std::vector<Order> orders_;  // by process; that of this one is not used
  std::vector<Processes::Outgoing> out_;
  std::vector<Processes::Incoming> in_;
  std::vector<Row> arriving_;  // rows on their way, and where they go
  std::vector<int> arriving_at_;
  std::set<std::pair<std::uint64_t, int>> needed_;
};

}  // namespace delstep
