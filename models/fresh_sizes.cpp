// SPDX-License-Identifier: Apache-2.0
// What families share in making sizes of what is asked.
#include "models/fresh_sizes.h"

#include <algorithm>
#include <stdexcept>

#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {

FreshWidths fresh_widths(const FreshSizes& sizes, int64_t usual_hidden_size) {
  constexpr int64_t head_size = 64;
  FreshWidths out{};
  out.hidden_size = sizes.hidden_size.value_or(usual_hidden_size);
  if (!sizes.heads && out.hidden_size > head_size && out.hidden_size % head_size != 0)
    throw std::invalid_argument(
        fmt::format("hidden_size {}: is no multiple of {}, the usual width of a head: say how many heads there are",
                    out.hidden_size, head_size));
  out.heads = sizes.heads.value_or(std::max<int64_t>(1, out.hidden_size / head_size));
  if (out.hidden_size % out.heads != 0)
    throw std::invalid_argument(
        fmt::format("hidden_size {}: {} do not divide it", out.hidden_size, counted(out.heads, "head")));
  out.intermediate_size = sizes.intermediate_size.value_or(4 * out.hidden_size);
  return out;
}

int32_t needed_token(std::optional<int32_t> id, std::string_view role, std::string_view family) {
  if (!id) fail("the tokenizer has no {} token, which a {} needs", role, family);
  return *id;
}

Json id_json(std::optional<int32_t> id) { return id ? Json(*id) : Json(); }

}  // namespace thaw
