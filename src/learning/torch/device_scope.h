#pragma once
/// What holds for a thread while it computes on a device.
#include <c10/core/Stream.h>
#include <c10/core/StreamGuard.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <optional>
#include <set>
#include <string>

#include "learning/torch/placement.h"

namespace delstep {

/// Takes LibTorch's warnings: keeps those of operations that do not repeat, drops the one that the
/// weights of a recurrent layer could lie better (they lie in rows), and prints all others, as
/// LibTorch does without it.
class DeviceWarnings final : public c10::WarningHandler {
 public:
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning& warning) override;
#else
  void process(const c10::SourceLocation& place, const std::string& text, bool verbatim) override;
#endif
  /// LibTorch's words, each text once.
  const std::set<std::string>& unrepeatable() const { return unrepeatable_; }

 private:
  bool IsTaken(const std::string& text);
  std::set<std::string> unrepeatable_;
};

/// A stream of the device for one worker, which keeps it: workers compute at the same time, and
/// memory that LibTorch caches for a stream is found again. Nothing for a placement in place.
std::optional<c10::Stream> StreamOf(const Placement& placement);

/// While it lives, the thread computes on the stream and `warnings` takes LibTorch's. At the end it
/// waits until all is done, so that others may read what was computed. Without a stream: nothing.
class DeviceScope {
 public:
  DeviceScope(const std::optional<c10::Stream>& stream, DeviceWarnings& warnings);
  ~DeviceScope();
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;

 private:
  const std::optional<c10::Stream>& stream_;
  std::optional<c10::StreamGuard> on_stream_;
  c10::WarningHandler* before_ = nullptr;
};

}  // namespace delstep
