#include "console/terminal/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.h"
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

bool IsEndless(const Session::Place& place) {
  return place.of == static_cast<std::uint64_t>(Duration::max().count());
}

/// "run 12.5/60 s": simulated seconds.
std::string RunText(const Session::Place& place) {
  const auto seconds = [](std::uint64_t nanoseconds) {
    return fmt::format("{:.4g}", 1e-9 * static_cast<double>(nanoseconds));
  };
  return fmt::format("run {}{} s", seconds(place.number),
                     IsEndless(place) ? "" : "/" + seconds(place.of));
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
      fmt::format("[{}]", bar),
      fmt::format(" {}/{} nodes", progress.done, progress.total),
      moves ? "" : fmt::format(", {} so far", TimeText(seconds)),
      moves ? fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0) : "",
      moves ? fmt::format(", {} left", TimeText(left)) : "",
      mean_accuracy ? fmt::format(", mean accuracy {:.4f}", *mean_accuracy) : ""};
  std::string line;
  // What does not fit into the line is left out: a bar of two lines could not be overwritten.
  for (const std::string& part : parts)
    if (line.size() + part.size() <= width) line += part;
  return line;
}

std::string RoundLine(const Session::Place& place, std::uint64_t begun, Progress progress,
                      double seconds, std::optional<double> mean_accuracy, std::size_t width) {
  // Rounds that are done since the time began, and those that are left, the present one included;
  // or simulated time.
  const double done = static_cast<double>(place.number) - static_cast<double>(begun);
  const double left =
      static_cast<double>(place.of) - static_cast<double>(place.number) + (place.in_repeat ? 1 : 0);
  const bool tells_left = place.in_repeat || (place.in_run && !IsEndless(place));
  const std::string parts[] = {
      place.in_run
          ? RunText(place)
          : fmt::format("{} {}/{}", place.in_repeat ? "round" : "command", place.number, place.of),
      fmt::format(" · {}", TimeText(seconds)),
      tells_left && done > 0 ? fmt::format(" · {} left", TimeText(seconds / done * left)) : "",
      mean_accuracy ? fmt::format(" · mean accuracy {:.4f}", *mean_accuracy) : "",
      progress.total > 1 ? fmt::format(" · {}/{} nodes", progress.done, progress.total) : ""};
  std::string line;
  for (const std::string& part : parts)
    if (DisplayWidth(line) + DisplayWidth(part) <= width) line += part;
  return line;
}

ProgressBar::ProgressBar(Poll poll, AskPlace place)
    : poll_(std::move(poll)),
      place_(std::move(place)),
      thread_([this](std::stop_token stop) { Serve(std::move(stop)); }) {}

ProgressBar::~ProgressBar() {
  thread_.request_stop();
  thread_.join();
  Clear();
}

void ProgressBar::Clear() {
  const std::lock_guard lock(mutex_);
  Wipe();
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
    Draw(poll_(), place_());
  }
}

void ProgressBar::Wipe() {
  if (std::exchange(drawn_, false)) Put("\r\033[K");
}

/// Whether this is another command than at the last look, or, in a repeat or script, another of those.
bool ProgressBar::BeginsAnew(const Progress& progress, const Session::Place& place) {
  const bool other_place = place.of != last_place_.of || place.number < last_place_.number ||
                           place.in_repeat != last_place_.in_repeat ||
                           place.in_run != last_place_.in_run;
  const bool other_command = progress.total != last_.total || progress.done < last_.done;
  last_ = progress;
  last_place_ = place;
  return place.of > 0 ? other_place : other_command || other_place;
}

void ProgressBar::Draw(const Progress& progress, const Session::Place& place) {
  const std::lock_guard lock(mutex_);
  const bool another = BeginsAnew(progress, place);
  if (progress.total == 0 && place.of == 0) {
    began_.reset();
    accuracy_.reset();
    return Wipe();
  }
  const auto now = Clock::now();
  if (another || !began_) {
    began_ = now;
    begun_ = place.number;
  }
  if (now - *began_ < kPatience) return;
  const double seconds = std::chrono::duration<double>(now - *began_).count();
  const std::size_t width = TerminalColumns(STDERR_FILENO, 80) - 1;
  Put("\r\033[K" + (place.of > 0 ? RoundLine(place, begun_, progress, seconds, accuracy_, width)
                                 : ProgressLine(progress, seconds, accuracy_, width)));
  drawn_ = true;
}

}  // namespace delstep
