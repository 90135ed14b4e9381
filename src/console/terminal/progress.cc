#include "console/terminal/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "console/terminal/columns.h"

namespace delstep {
namespace {

using Clock = std::chrono::steady_clock;
// A bar that comes at once would flicker with every short command.
constexpr std::chrono::milliseconds kTick{100}, kPatience{500};

std::string TimeText(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(std::min(seconds, 1e9)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

void Put(const std::string& text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

std::string ProgressLine(Progress progress, double seconds, std::optional<double> mean_accuracy,
                         std::size_t width) {
  constexpr std::size_t kBar = 24;
  const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
  const double rate = static_cast<double>(progress.done) / std::max(seconds, 1e-9);
  const bool moves = progress.done > 0;  // else neither rate nor time left can be told
  const double left = moves ? static_cast<double>(progress.total - progress.done) / rate : 0;
  const auto filled = static_cast<std::size_t>(share * kBar);
  std::string bar(filled, '=');
  if (filled < kBar) bar += '>';
  bar.resize(kBar, ' ');
  const std::string parts[] = {
      fmt::format("[{}]", bar), fmt::format(" {}/{} nodes", progress.done, progress.total),
      moves ? fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0) : "",
      moves ? fmt::format(", {} left", TimeText(left)) : "",
      mean_accuracy ? fmt::format(", mean accuracy {:.4f}", *mean_accuracy) : ""};
  std::string line;
  // What does not fit into the line is left out: a bar of two lines could not be overwritten.
  for (const std::string& part : parts)
    if (line.size() + part.size() <= width) line += part;
  return line;
}

ProgressBar::ProgressBar(Poll poll)
    : poll_(std::move(poll)), thread_([this](std::stop_token stop) { Serve(std::move(stop)); }) {}

ProgressBar::~ProgressBar() {
  thread_.request_stop();
  thread_.join();
  Clear();
}

void ProgressBar::Clear() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(drawn_, false)) Put("\r\033[K");
}

void ProgressBar::SetMeanAccuracy(double accuracy) {
  const std::lock_guard lock(mutex_);
  accuracy_ = accuracy;
}

void ProgressBar::Serve(std::stop_token stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      tick_.wait_for(lock, stop, kTick, [] { return false; });
    }
    if (stop.stop_requested()) return;
    Draw(poll_());
  }
}

void ProgressBar::Draw(Progress progress) {
  const std::lock_guard lock(mutex_);
  const bool another = progress.total != last_total_ || progress.done < last_done_;
  last_total_ = progress.total;
  last_done_ = progress.done;
  if (progress.total == 0) {
    began_.reset();
    if (std::exchange(drawn_, false)) Put("\r\033[K");
    return;
  }
  const auto now = Clock::now();
  if (another || !began_) began_ = now;
  if (now - *began_ < kPatience) return;
  const double seconds = std::chrono::duration<double>(now - *began_).count();
  Put("\r\033[K" +
      ProgressLine(progress, seconds, accuracy_, TerminalColumns(STDERR_FILENO, 80) - 1));
  drawn_ = true;
}

}  // namespace delstep
