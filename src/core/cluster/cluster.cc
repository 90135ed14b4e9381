#include "core/cluster/cluster.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

#include "base/hash.h"

namespace delstep {
namespace {

/// An order that has nothing but its kind.
std::string BytesOf(Work work) { return std::string(1, static_cast<char>(work)); }

}  // namespace

// Versions follow each other, so rows that several have are shared out evenly. Each turn takes away the
// lowest bit.
int ChooseHolder(const Row& row) {
  std::uint64_t holders = row.holders();
  assert(holders != 0);
  const auto count = static_cast<std::uint64_t>(std::popcount(holders));
  for (std::uint64_t skip = row.version() % count; skip > 0; --skip) holders &= holders - 1;
  return std::countr_zero(holders);
}

Cluster::Cluster(std::unique_ptr<Processes> processes, SaveScenario save)
    : processes_(std::move(processes)),
      save_(std::move(save)),
      others_(static_cast<std::size_t>(processes_->size())),
      received_(static_cast<std::size_t>(processes_->size())) {
  assert(processes_->self() == 0);
}

Cluster::~Cluster() {
  // After an exception they may be in the middle of a round, and take no such order: the processes end.
  if (std::uncaught_exceptions() > 0) return;
  // They have no other way to know: who waits for an order waits for ever.
  for (int process = 1; process < size(); ++process) processes_->Send(process, BytesOf(Work::kEnd));
}

// A round of its own, for the one row. Who knows of many beforehand names them in one.
void Cluster::Bring(const Row& row) {
  Round round(*this);
  if (row.here()) return;  // another thread was faster
  round.Need(row, 0);
  round.Start();
  [[maybe_unused]] const auto done = round.Finish();
  assert(done);
}

// Any thread may drop a row, also while a round is under way: its order has gone out, and the next one
// tells.
void Cluster::Forget(std::uint64_t version, std::uint64_t holders) {
  const std::scoped_lock lock(forgetting_);
  for (int process = 1; process < size(); ++process)
    if (holders >> process & 1)
      others_[static_cast<std::size_t>(process)].forgotten.push_back(version);
}

// Only hashes travel. Of rows that several have, each is asked for some.
std::vector<std::uint64_t> Cluster::Hash(std::span<const Row> rows) {
  std::vector<int> asked;
  Round round(*this);
  for (const Row& row : rows) {
    const int process = row.here() ? 0 : ChooseHolder(row);
    asked.push_back(process);
    if (process != 0) round.Item(process, Work::kHash).Add(row.version());
  }
  round.Start();
  std::vector<std::uint64_t> hashes(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (asked[i] == 0) hashes[i] = HashBytes(std::as_bytes(rows[i].view()));
  const auto answers = round.Finish();
  assert(answers);
  std::vector<ByteReader> readers(answers->begin(), answers->end());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (asked[i] != 0) hashes[i] = readers[static_cast<std::size_t>(asked[i])].Number();
  return hashes;
}

Result<std::vector<ProcessFigures>> Cluster::AskFigures() {
  Round round(*this);
  for (int process = 1; process < size(); ++process) round.Item(process, Work::kFigures);
  round.Start();
  DELSTEP_ASSIGN(const std::vector<std::string> answers, round.Finish());
  std::vector<ProcessFigures> all;
  for (int process = 1; process < size(); ++process) {
    ByteReader reader(answers[static_cast<std::size_t>(process)]);
    ProcessFigures& figures = all.emplace_back();
    figures.host = std::string(reader.Text());
    figures.rows = reader.Number();
    figures.row_bytes = reader.Number();
    figures.trainings = reader.Number();
    figures.resident = reader.Number();
    figures.received = received_[static_cast<std::size_t>(process)];
  }
  return all;
}

// The order names the present engine: whoever was not asked for anything since that was proposed puts it in now.
Result<std::vector<std::string>> Cluster::ProposeEngine(EngineName present, EngineName next,
                                                        const Scenario& scenario,
                                                        std::uint64_t rule) {
  ByteWriter proposal;
  proposal.Add(next.number);
  proposal.Add(next.version);
  proposal.Add(rule);
  proposal.Add(std::string_view(save_(scenario)));
  const std::string common = proposal.Take();
  Round round(*this, present);
  for (int process = 1; process < size(); ++process) {
    round.Item(process, Work::kPropose);
    round.SetCommon(process, common);
  }
  round.Start();
  DELSTEP_ASSIGN(std::vector<std::string> answers, round.Finish());
  answers.erase(answers.begin());  // that of this process
  return answers;
}

Bytes Cluster::received_here() {
  const std::scoped_lock lock(turn_);
  return received_[0];
}

Cluster::Shared& Cluster::NumberOf(const std::shared_ptr<const void>& value) {
  Shared& shared = shared_[value.get()];
  // Memory that was freed may serve again: then it is another value, under another number.
  if (shared.value.expired()) {
    if (shared.holders != 0) Forget(shared.number, shared.holders);
    // Rows and lists are forgotten by one list of numbers: no version of a row is ever as high.
    shared = {.number = ++numbers_ | std::uint64_t{1} << 63, .value = value, .holders = 0};
  }
  return shared;
}

/// Looked for only when there are twice as many, so that it costs little per list.
void Cluster::DropExpired() {
  if (shared_.size() < 2 * shared_before_) return;
  std::erase_if(shared_, [&](const auto& entry) {
    if (!entry.second.value.expired()) return false;
    if (entry.second.holders != 0) Forget(entry.second.number, entry.second.holders);
    return true;
  });
  shared_before_ = std::max<std::size_t>(64, shared_.size());
}

Round::Round(Cluster& cluster, EngineName engine)
    : cluster_(cluster),
      lock_(cluster.turn_),
      engine_(engine),
      orders_(static_cast<std::size_t>(cluster.size())) {
  cluster.DropExpired();
}
Round::~Round() = default;

// A process that is not named in a round is not told of it.
Round::Order& Round::At(int process) {
  Order& order = orders_[static_cast<std::size_t>(process)];
  order.wanted = true;
  return order;
}

// Both ends are told: who sends the row and who gets it. Twice in a round it goes once.
void Round::Need(const Row& row, int process) {
  if ((row.holders() >> process & 1) != 0) return;
  if (!needed_.emplace(row.version(), process).second) return;
  const int from = ChooseHolder(row);
  cluster_.received_[static_cast<std::size_t>(process)] += row.floats() * sizeof(float);
  if (process == 0) {
    in_.push_back({.from = from, .numbers = row.MakePlace()});
  } else {
    Order& order = At(process);
    order.receives.Add(row.version());
    order.receives.Add(std::uint64_t{row.floats()});
    order.receives.Add(static_cast<std::uint64_t>(from));
    ++order.receive_count;
  }
  if (from == 0) {
    out_.push_back({.to = process, .numbers = row.view()});
  } else {
    Order& order = At(from);
    order.sends.Add(row.version());
    order.sends.Add(static_cast<std::uint64_t>(process));
    ++order.send_count;
  }
  arriving_.push_back(row);
  // Only a row that is there can be passed on: who asks for it later in this round asks another.
  arriving_at_.push_back(process);
}

// The list itself goes along with the first order that names it.
std::uint64_t Round::NumberOf(const Examples& examples, int process) {
  if (!examples) return 0;
  Cluster::Shared& shared = cluster_.NumberOf(examples);
  if ((shared.holders >> process & 1) == 0) {
    shared.holders |= std::uint64_t{1} << process;
    Order& order = At(process);
    order.lists.Add(shared.number);
    order.lists.Add(BytesOfList(*examples));
    ++order.list_count;
  }
  return shared.number;
}

std::uint64_t Round::NumberOf(const std::shared_ptr<const OwnLabels>& labels, int process) {
  if (!labels) return 0;
  Cluster::Shared& shared = cluster_.NumberOf(labels);
  if ((shared.holders >> process & 1) == 0) {
    shared.holders |= std::uint64_t{1} << process;
    Order& order = At(process);
    order.labels.Add(shared.number);
    order.labels.Add(BytesOfList(labels->labels));
    ++order.label_count;
  }
  return shared.number;
}

ByteWriter& Round::Item(int process, Work work) {
  Order& order = At(process);
  assert(order.item_count == 0 || order.work == work);
  order.work = work;
  ++order.item_count;
  return order.items;
}

void Round::SetCommon(int process, std::string common) { At(process).common = std::move(common); }

// In the sequence that orders.h tells.
std::string Round::MessageTo(int process) {
  Order& order = orders_[static_cast<std::size_t>(process)];
  Cluster::Other& other = cluster_.others_[static_cast<std::size_t>(process)];
  ByteWriter writer;
  {
    const std::scoped_lock lock(cluster_.forgetting_);
    writer.Add(BytesOfList(std::exchange(other.forgotten, {})));
  }
  writer.Add(engine_.number);
  writer.Add(engine_.version);
  const auto add = [&](std::uint64_t count, ByteWriter& items) {
    writer.Add(count);
    writer.Append(items.Take());
  };
  add(order.list_count, order.lists);
  add(order.label_count, order.labels);
  add(order.send_count, order.sends);
  add(order.receive_count, order.receives);
  writer.Add(std::string_view(order.common));
  add(order.item_count, order.items);
  return BytesOf(order.work) + writer.Take();
}

// All orders are out before any row is: who has to send one that it needs itself reads its order first.
// From then on the rows are where they were needed, as far as whoever asks next is concerned.
void Round::Start() {
  for (int process = 1; process < cluster_.size(); ++process)
    if (orders_[static_cast<std::size_t>(process)].wanted)
      cluster_.processes_->Send(process, MessageTo(process));
  cluster_.processes_->Exchange(out_, in_);
  for (std::size_t i = 0; i < arriving_.size(); ++i) arriving_[i].NoteHolder(arriving_at_[i]);
}

/// Asks now and then whether to stop, if anybody can ask for it.
std::string Round::ReceiveFrom(int process, const std::stop_token& stop, bool& told) {
  Processes& processes = *cluster_.processes_;
  while (stop.stop_possible() && !processes.HasMessage(process)) {
    if (stop.stop_requested() && !told) {
      for (int other = 1; other < cluster_.size(); ++other)
        if (orders_[static_cast<std::size_t>(other)].wanted)
          processes.Send(other, BytesOf(Work::kStop));
      told = true;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  return processes.Receive(process);
}

Result<std::vector<std::string>> Round::Finish(std::stop_token stop) {
  std::vector<std::string> texts(orders_.size());
  std::optional<Error> error;
  bool told = false;
  for (int process = 1; process < cluster_.size(); ++process) {
    const auto i = static_cast<std::size_t>(process);
    if (!orders_[i].wanted) continue;
    Result<std::string> answer = ReadAnswer(ReceiveFrom(process, stop, told));
    orders_[i].wanted = false;
    if (answer) {
      texts[i] = *std::move(answer);
      continue;
    }
    if (!error) {
      error = std::move(answer).error();
      error->message = "process " + std::to_string(process) + ": " + error->message;
    }
  }
  if (error) return *std::move(error);
  return texts;
}

}  // namespace delstep
