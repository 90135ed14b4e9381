#include "traces/trace_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/nearest_file.h"

namespace delstep {

TraceSource::TraceSource(ByteSource& raw) : ByteSource(raw.name()), raw_(raw) {}

Result<void> TraceSource::Begin() {
  if (std::exchange(begun_, true)) return {};
  beginning_.resize(InflateSource::kBufferSize);
  DELSTEP_ASSIGN(std::size_t size, raw_.Read(beginning_));
  beginning_.resize(size);
  if (!IsGzip(beginning_)) return {};
  unpacked_ = std::make_unique<InflateSource>(raw_, Packing::kGzip, beginning_);
  beginning_.resize(InflateSource::kBufferSize);
  DELSTEP_ASSIGN(size, unpacked_->Read(beginning_));
  beginning_.resize(size);
  return {};
}

Result<std::string_view> TraceSource::Beginning() {
  DELSTEP_TRY(Begin());
  return std::string_view(reinterpret_cast<const char*>(beginning_.data()), beginning_.size());
}

Result<std::size_t> TraceSource::Read(std::span<std::uint8_t> into) {
  DELSTEP_TRY(Begin());
  const std::size_t known = std::min(into.size(), beginning_.size() - taken_);
  std::copy_n(beginning_.begin() + static_cast<std::ptrdiff_t>(taken_), known, into.begin());
  taken_ += known;
  if (known == into.size()) return known;
  DELSTEP_ASSIGN(const std::size_t more, Content().Read(into.subspan(known)));
  return known + more;
}

Result<FileSource> OpenTrace(const std::string& path) {
  auto file = FileSource::Open(path, "gzip");
  if (file) return file;
  Error error = std::move(file).error();
  if (const std::string near = NearestFile(path); !near.empty())
    error.hint = fmt::format("did you mean '{}'?", near);
  return error;
}

}  // namespace delstep
