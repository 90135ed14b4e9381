// What judges a user's .pt file before LibTorch sees it: no input may crash it.
#include <cstdint>
#include <cstdlib>

#include "user_models/script_archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto writer = delstep::WriterOfScript({data, size}, "input");
  if (writer ? writer->empty()
             : writer.error().code != delstep::ErrorCode::kFile || writer.error().message.empty())
    std::abort();
  return 0;
}
