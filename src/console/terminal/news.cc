#include "console/terminal/news.h"

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <utility>

namespace delstep {

News::News() {
  [[maybe_unused]] const int made = pipe2(pipe_, O_CLOEXEC | O_NONBLOCK);
  assert(made == 0);
}

News::~News() {
  close(pipe_[0]);
  close(pipe_[1]);
}

void News::Add(std::string text, std::string prompt) {
  const std::lock_guard lock(mutex_);
  if (!item_) {
    item_.emplace();
    [[maybe_unused]] const auto written = write(pipe_[1], "", 1);
  }
  item_->text += text;
  item_->prompt = std::move(prompt);
}

std::optional<News::Item> News::Take() {
  const std::lock_guard lock(mutex_);
  char drained[16];
  while (read(pipe_[0], drained, sizeof drained) > 0) continue;
  return std::exchange(item_, std::nullopt);
}

}  // namespace delstep
