#include "cluster/thread_processes.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace delstep {

class ThreadProcesses::One final : public Processes {
 public:
  One(ThreadProcesses& all, int self) : all_(all), self_(self) {}

  int self() const override { return self_; }
  int size() const override { return all_.size_; }

  void Send(int to, std::string_view message) override {
    const std::scoped_lock lock(all_.mutex_);
    // Nobody waits for the receiver: the queue has no end.
    all_.Between(self_, to).messages.emplace_back(message);
    all_.changed_.notify_all();
  }
  std::string Receive(int from) override {
    std::unique_lock lock(all_.mutex_);
    std::deque<std::string>& messages = all_.Between(from, self_).messages;
    all_.changed_.wait(lock, [&] { return !messages.empty(); });
    std::string message = std::move(messages.front());
    messages.pop_front();
    return message;
  }
  bool HasMessage(int from) override {
    const std::scoped_lock lock(all_.mutex_);
    return !all_.Between(from, self_).messages.empty();
  }
  void Exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    // All that goes out first, so that no two wait for each other.
    std::unique_lock lock(all_.mutex_);
    for (const Outgoing& row : out) {
      all_.Between(self_, row.to).numbers.emplace_back(row.numbers.begin(), row.numbers.end());
      all_.numbers_sent_ += row.numbers.size();
    }
    all_.changed_.notify_all();
    for (const Incoming& row : in) {
      std::deque<std::vector<float>>& numbers = all_.Between(row.from, self_).numbers;
      all_.changed_.wait(lock, [&] { return !numbers.empty(); });
      assert(numbers.front().size() == row.numbers.size());
      std::ranges::copy(numbers.front(), row.numbers.begin());
      numbers.pop_front();
    }
  }

 private:
  ThreadProcesses& all_;
  const int self_;
};

ThreadProcesses::ThreadProcesses(int size)
    : size_(size), mail_(static_cast<std::size_t>(size * size)) {
  for (int i = 0; i < size; ++i) processes_.push_back(std::make_unique<One>(*this, i));
}
ThreadProcesses::~ThreadProcesses() = default;

std::size_t ThreadProcesses::numbers_sent() const {
  const std::scoped_lock lock(mutex_);
  return numbers_sent_;
}

}  // namespace delstep
