// SPDX-License-Identifier: Apache-2.0
// Default bodies of the fused functions, composed from the primitive ones: their definition. This file: dropout and
// deferred reads; backend_norm.cpp, backend_attention.cpp, backend_loss.cpp and backend_optimizer.cpp hold the others.
#include "tensor/backend.h"

#include <vector>

#include "tensor/counters.h"
#include "tensor/scratch.h"

namespace thaw {
namespace {

class FinishedRead : public PendingRead {
 public:
  explicit FinishedRead(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  const void* wait() override { return bytes_.data(); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

std::unique_ptr<PendingRead> Backend::download_later(const Block& from, size_t byte_offset, size_t bytes) {
  std::vector<std::byte> copied(bytes);
  download(from, byte_offset, copied.data(), bytes);
  return std::make_unique<FinishedRead>(std::move(copied));
}

void Backend::dropout(const View& out, const View& x, const View* residual, const Dropout& dropout) {
  count_default_body("dropout");
  Scratch scratch(*this, x.dtype);
  View dropped = x;
  if (dropout.probability > 0) {
    const View u = scratch.empty(x.shape);
    uniform(u, dropout.key);
    const View kept = scratch.binary(BinaryOp::less_equal, scratch.number(static_cast<double>(dropout.probability)), u);
    dropped = scratch.dropout(x, kept, dropout);
  }
  if (residual) {
    binary(BinaryOp::add, out, dropped, *residual);
  } else {
    copy(out, dropped);
  }
}

}  // namespace thaw
