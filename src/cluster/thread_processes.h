#pragma once
/// Processes that are threads of one program: for tests, which so see every step of both sides, and
/// every access to memory under the sanitizers.
///
///   ThreadProcesses world(3);
///   std::jthread member([&] { ServeRun(*world.At(1), registry); });   // core/member.h
///
/// Threads: each of At(i) has one caller at a time.
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/processes.h"

namespace delstep {

class ThreadProcesses {
 public:
  explicit ThreadProcesses(int size);
  ~ThreadProcesses();
  ThreadProcesses(const ThreadProcesses&) = delete;
  ThreadProcesses& operator=(const ThreadProcesses&) = delete;

  int size() const { return size_; }
  /// Process i, as itself sees it; valid as long as this object.
  Processes* At(int process) { return processes_[static_cast<std::size_t>(process)].get(); }
  /// Numbers that went from one process to another so far, all together.
  std::size_t numbers_sent() const;

 private:
  class One;
  /// What is on the way from one process to another.
  struct Mail {
    std::deque<std::string> messages;
    std::deque<std::vector<float>> numbers;
  };
  Mail& Between(int from, int to) { return mail_[static_cast<std::size_t>(from * size_ + to)]; }

  const int size_;
  mutable std::mutex mutex_;  // guards all that follows
  std::condition_variable changed_;
  std::vector<Mail> mail_;
  std::size_t numbers_sent_ = 0;
  std::vector<std::unique_ptr<Processes>> processes_;
};

}  // namespace delstep
