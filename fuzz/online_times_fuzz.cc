// The reader of online times: no input may crash it, and what it accepts is in order.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "churn/online_times.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = delstep::ParseOnlineTimes(
      text, "input", {.count = 5, .addresses = {}, .names = {"anna", "ben"}});
  if (!table) {
    Check(table.error().code == delstep::ErrorCode::kFile && table.error().message.size() < 400);
    return 0;
  }
  for (const auto& [node, times] : table->nodes) {
    Check(node < 5);
    Check(std::ranges::is_sorted(times.changes) &&
          std::ranges::adjacent_find(times.changes) == times.changes.end());
    Check(times.changes.empty() || times.changes.front() >= delstep::Duration{0});
    Check(!table->period || times.changes.empty() || times.changes.back() < *table->period);
  }
  return 0;
}
