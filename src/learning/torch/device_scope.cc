#include "learning/torch/device_scope.h"

#include <c10/core/impl/VirtualGuardImpl.h>

namespace delstep {
namespace {

// LibTorch 2 gave the namespace another name.
#if TORCH_VERSION_MAJOR >= 2
namespace warnings_of_libtorch = c10::WarningUtils;
#else
namespace warnings_of_libtorch = c10::Warning;
#endif

}  // namespace

bool DeviceWarnings::IsTaken(const std::string& text) {
  if (text.find("deterministic") != std::string::npos) {
    // "NAME does not have a deterministic implementation, but you set ..."
    unrepeatable_.insert(text.substr(0, text.find(" does not have")));
    return true;
  }
  return text.find("single contiguous chunk of memory") != std::string::npos;
}

#if TORCH_VERSION_MAJOR >= 2
void DeviceWarnings::process(const c10::Warning& warning) {
  if (!IsTaken(warning.msg())) c10::WarningHandler::process(warning);
}
#else
void DeviceWarnings::process(const c10::SourceLocation& place, const std::string& text,
                             bool verbatim) {
  if (!IsTaken(text)) c10::WarningHandler::process(place, text, verbatim);
}
#endif

std::optional<c10::Stream> StreamOf(const Placement& placement) {
  if (!placement.copies) return std::nullopt;
  const c10::impl::VirtualGuardImpl devices(placement.device.type());
  // The CPU has but one.
  return placement.device.is_cpu() ? devices.getStream(placement.device)
                                   : devices.getStreamFromGlobalPool(placement.device);
}

DeviceScope::DeviceScope(const std::optional<c10::Stream>& stream, DeviceWarnings& warnings)
    : stream_(stream) {
  if (!stream_) return;
  on_stream_.emplace(*stream_);
  before_ = warnings_of_libtorch::get_warning_handler();
  warnings_of_libtorch::set_warning_handler(&warnings);
}

DeviceScope::~DeviceScope() {
  if (!stream_) return;
  warnings_of_libtorch::set_warning_handler(before_);
  try {
    stream_->synchronize();
  } catch (const std::exception&) {
    // The device has failed. The copy of the rows that follows meets the same error and says so.
  }
}

}  // namespace delstep
