#include "apps/delstep/sweep_elsewhere.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "apps/delstep/arguments.h"
#include "base/bytes.h"
#include "base/child_process.h"
#include "base/host_name.h"
#include "scenario/config.h"

namespace delstep {
namespace {

/// What the leader says: a run to start, that all are to end, that there is nothing more.
enum class SweepWord : std::uint64_t { kStart, kStop, kEnd };

/// Runs take seconds at least: nobody notices how often it is looked.
void Rest() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

std::string MessageOf(SweepWord word) {
  ByteWriter writer;
  writer.Add(static_cast<std::uint64_t>(word));
  return writer.Take();
}

std::string MessageOf(const SweepOrder& order) {
  ByteWriter writer;
  writer.Add(static_cast<std::uint64_t>(SweepWord::kStart));
  writer.Add(std::uint64_t{order.number});
  writer.Add(std::string_view(order.output));
  writer.Add(std::uint64_t{order.words.size()});
  for (const std::string& word : order.words) writer.Add(std::string_view(word));
  writer.Add(std::uint64_t{order.variables.size()});
  for (const auto& [name, value] : order.variables) {
    writer.Add(std::string_view(name));
    writer.Add(std::string_view(value));
  }
  writer.Add(std::uint64_t{order.task.size()});
  for (const TaskPart& part : order.task) {
    writer.Add(std::string_view(part.what));
    writer.Add(std::string_view(part.hash));
  }
  return writer.Take();
}

SweepOrder ReadOrder(ByteReader& reader) {
  SweepOrder order;
  order.number = reader.Number();
  order.output = std::string(reader.Text());
  for (std::size_t left = reader.Count(8); left > 0; --left)
    order.words.emplace_back(reader.Text());
  for (std::size_t left = reader.Count(16); left > 0; --left) {
    auto& [name, value] = order.variables.emplace_back();
    name = std::string(reader.Text());
    value = std::string(reader.Text());
  }
  for (std::size_t left = reader.Count(16); left > 0; --left) {
    TaskPart& part = order.task.emplace_back();
    part.what = std::string(reader.Text());
    part.hash = std::string(reader.Text());
  }
  return order;
}

/// Whether the run reads here what it reads where it was planned.
Result<void> CheckTask(const SweepOrder& order, const Registry& registry, TaskReader& reader) {
  const auto read = [&]() -> Result<SweepTask> {
    DELSTEP_ASSIGN(const Arguments run, ParseArguments(std::span(order.words).subspan(1)));
    DELSTEP_ASSIGN(const Config config, LoadConfig(run, registry, order.variables));
    return reader.Read(run, config, registry);
  };
  const auto here = read();
  if (here) return CompareTasks(order.task, *here);
  Error error = here.error();
  error.message = fmt::format("on {}: {}{}{}", HostName(), error.where,
                              error.where.empty() ? "" : ": ", error.message);
  return error;
}

std::string AnswerOf(std::size_t number, const Result<int>& code) {
  ByteWriter writer;
  writer.Add(std::uint64_t{number});
  writer.Add(code.ok());
  writer.Add(code ? std::int64_t{*code} : static_cast<std::int64_t>(code.error().code));
  if (!code) {
    writer.Add(std::string_view(code.error().message));
    writer.Add(std::string_view(code.error().hint));
  }
  return writer.Take();
}

Result<pid_t> Start(const SweepOrder& order) {
  const int output = open(order.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (output < 0)
    return BadFile(
        fmt::format("cannot write '{}': {}", order.output, std::generic_category().message(errno)),
        "all machines must see the folder of the sweep, under one path");
  auto child = StartChild(
      order.words,
      {.output = output, .error = output, .ends_with_us = true, .variables = order.variables});
  close(output);
  return child;
}

/// The runs under way of one process that is not the first.
class Children {
 public:
  Children(Processes& processes, const Registry& registry)
      : processes_(processes), registry_(registry) {}
  ~Children() {
    for (const auto& [child, number] : running_) kill(child, SIGKILL);
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  void Begin(const SweepOrder& order) {
    const auto same = CheckTask(order, registry_, reader_);
    const auto child = same ? Start(order) : Result<pid_t>(same.error());
    if (child)
      running_[*child] = order.number;
    else
      processes_.Send(0, AnswerOf(order.number, child.error()));
  }
  void Stop() {
    for (const auto& [child, number] : running_) kill(child, SIGTERM);
  }
  /// Tells of those that have ended. True if there were any.
  bool Collect() {
    bool any = false;
    for (auto entry = running_.begin(); entry != running_.end();) {
      siginfo_t ended{};
      const int looked =
          waitid(P_PID, static_cast<id_t>(entry->first), &ended, WEXITED | WNOHANG | WNOWAIT);
      if (looked != 0 || ended.si_pid == 0) {
        ++entry;
        continue;
      }
      processes_.Send(0, AnswerOf(entry->second, WaitForChild(entry->first)));
      entry = running_.erase(entry);
      any = true;
    }
    return any;
  }

 private:
  Processes& processes_;
  const Registry& registry_;
  TaskReader reader_;
  std::map<pid_t, std::size_t> running_;  // child -> number of the run
};

/// The others, as the first process sees them.
class Others {
 public:
  Others(Processes& processes, std::size_t jobs)
      : processes_(processes), busy_(static_cast<std::size_t>(processes.size())) {
    for (int process = 0; process < processes.size(); ++process) {
      // Each begins by saying how many cores it has.
      std::size_t cores = 0;
      if (process > 0) {
        const std::string message = processes.Receive(process);
        cores = ByteReader(message).Number();
      }
      places_.push_back(process == 0 ? 0 : jobs != 0 ? jobs : cores);
    }
  }

  bool idle() const {
    return std::ranges::all_of(busy_, [](std::size_t runs) { return runs == 0; });
  }
  void TellAll(SweepWord word) {
    for (int process = 1; process < processes_.size(); ++process)
      processes_.Send(process, MessageOf(word));
  }
  /// Gives runs to who has a place, until there are none or no places.
  void Deal(const std::function<std::optional<SweepOrder>()>& next) {
    for (std::size_t process = 1; process < busy_.size(); ++process)
      while (busy_[process] < places_[process]) {
        const std::optional<SweepOrder> order = next();
        if (!order) return;
        processes_.Send(static_cast<int>(process), MessageOf(*order));
        ++busy_[process];
      }
  }
  void Collect(const std::function<void(std::size_t, Result<int>)>& ended) {
    for (int process = 1; process < processes_.size(); ++process)
      while (processes_.HasMessage(process)) {
        const std::string message = processes_.Receive(process);
        ByteReader reader(message);
        const std::size_t number = reader.Number();
        const bool ok = reader.Flag();
        const auto code = static_cast<int>(reader.Signed());
        --busy_[static_cast<std::size_t>(process)];
        if (ok) {
          ended(number, code);
          continue;
        }
        Error error{.code = static_cast<ErrorCode>(code),
                    .message = fmt::format("process {}: {}", process, reader.Text())};
        error.hint = std::string(reader.Text());
        ended(number, std::move(error));
      }
  }

 private:
  Processes& processes_;
  std::vector<std::size_t> places_, busy_;  // by process
};

}  // namespace

void ServeSweep(Processes& processes, const Registry& registry) {
  ByteWriter cores;
  cores.Add(std::uint64_t{std::max(1U, std::thread::hardware_concurrency())});
  processes.Send(0, cores.Take());
  Children children(processes, registry);
  for (;;) {
    const bool any = children.Collect();
    if (!processes.HasMessage(0)) {
      if (!any) Rest();
      continue;
    }
    const std::string message = processes.Receive(0);
    ByteReader reader(message);
    const auto word = static_cast<SweepWord>(reader.Number());
    if (word == SweepWord::kEnd) return;
    if (word == SweepWord::kStop) children.Stop();
    if (word == SweepWord::kStart) children.Begin(ReadOrder(reader));
  }
}

void RunElsewhere(Processes& processes, std::size_t jobs,
                  const std::function<std::optional<SweepOrder>()>& next,
                  const std::function<void(std::size_t number, Result<int> code)>& ended,
                  const std::function<bool()>& stopped) {
  Others others(processes, jobs);
  bool told = false;
  for (;;) {
    if (stopped() && !std::exchange(told, true)) others.TellAll(SweepWord::kStop);
    if (!told) others.Deal(next);
    if (others.idle()) break;
    others.Collect(ended);
    Rest();
  }
  others.TellAll(SweepWord::kEnd);
}

}  // namespace delstep
