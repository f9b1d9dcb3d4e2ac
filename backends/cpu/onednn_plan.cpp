// SPDX-License-Identifier: Apache-2.0
// Making and running oneDNN's primitives.
#include "backends/cpu/onednn_plan.h"

#include <fmt/ranges.h>

#include <cstring>
#include <new>
#include <string_view>

#include "backends/cpu/dnnl_versions.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/scratch_memory.h"
#include "backends/cpu/threads.h"

namespace thaw::cpu {
namespace {

using dnnl::memory;

dnnl::engine& engine() {
  static dnnl::engine cpu = [] {
    // THAW_ISA holds for both (cpu.h): oneDNN then goes as far as the loops do.
    const std::string_view isa = *asked_isa() ? kernels().isa : "";
    if (isa == "baseline") dnnl::set_max_cpu_isa(dnnl::cpu_isa::sse41);
    if (isa == "v3") dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
    return dnnl::engine(dnnl::engine::kind::cpu, 0);
  }();
  return cpu;
}

dnnl::stream& stream() {
  thread_local dnnl::stream in_order(engine());
  return in_order;
}

memory::data_type type_of(DType dtype) {
  return dtype == DType::bf16  ? memory::data_type::bf16
         : dtype == DType::f16 ? memory::data_type::f16
                               : memory::data_type::f32;
}

memory::desc describe(const Gemm& gemm, const Matrices& x, int64_t rows, int64_t columns) {
  if (gemm.batch == 1) return {{rows, columns}, type_of(x.dtype), {x.row, x.column}};
  // A shared matrix is a batch of one.
  const int64_t whole = x.column == 1 ? rows * x.row : columns * x.column;
  return {{x.batch == 0 ? 1 : gemm.batch, rows, columns},
          type_of(x.dtype),
          {x.batch == 0 ? whole : x.batch, x.row, x.column}};
}

memory::desc any_layout(const Gemm& gemm) {
  if (gemm.batch == 1) return {{gemm.k, gemm.n}, type_of(gemm.b.dtype), memory::format_tag::any};
  return {{1, gemm.k, gemm.n}, type_of(gemm.b.dtype), memory::format_tag::any};
}

// Is it row-major or column-major?
bool is_plain(const Gemm& gemm, const memory::desc& layout) {
  Gemm other = gemm;
  other.b.batch = 0;
  other.b.row = gemm.n, other.b.column = 1;
  if (layout == describe(other, other.b, gemm.k, gemm.n)) return true;
  other.b.row = 1, other.b.column = gemm.k;
  return layout == describe(other, other.b, gemm.k, gemm.n);
}

memory packed_into(memory packed, const Gemm& gemm) {
  const TeamSize team;
  memory plain(describe(gemm, gemm.b, gemm.k, gemm.n), engine(), const_cast<void*>(gemm.b.data));
  dnnl::reorder(plain, packed).execute(stream(), plain, packed);
  return packed;
}

}  // namespace

Plan make_plan(const Gemm& gemm, bool packs) {
  const TeamSize team;
  Plan plan;
  memory::desc bias;
  if (gemm.bias)
    bias = gemm.batch == 1 ? memory::desc({1, gemm.n}, memory::data_type::f32, {gemm.n, 1})
                           : memory::desc({1, 1, gemm.n}, memory::data_type::f32, {gemm.n, gemm.n, 1});
  dnnl::post_ops steps;
  if (gemm.accumulate) steps.append_sum(1);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(steps);
  if (gemm.scale != 1) set_factor(attributes, gemm.scale);
  const Matrices out{gemm.out, gemm.out_row, 1, gemm.out_batch, DType::f32};
  const memory::desc b = describe(gemm, gemm.b, gemm.k, gemm.n);
  try {
    const memory::desc a = describe(gemm, gemm.a, gemm.m, gemm.k), c = describe(gemm, out, gemm.m, gemm.n);
    auto description = product_plan(engine(), a, b, bias, c, attributes);
    if (std::strstr(description.impl_info_str(), "ref")) return plan;
    if (packs) {
      // Only a layout of the same kernel's own is worth a copy; the result is then the same to the bit.
      const auto packed = product_plan(engine(), a, any_layout(gemm), bias, c, attributes);
      const bool same_kernel = std::strcmp(packed.impl_info_str(), description.impl_info_str()) == 0;
      plan.packed = same_kernel && !is_plain(gemm, packed.weights_desc());
      if (plan.packed) description = packed;
    }
    plan.way = fmt::format("oneDNN {}", description.impl_info_str());
    if (plan.packed) plan.way += fmt::format(", packed {}", fmt::join(inner_blocks(description.weights_desc()), "x"));
    plan.primitive = dnnl::matmul(description);
    plan.a = memory(description.src_desc(), engine(), nullptr);
    plan.b = memory(description.weights_desc(), engine(), nullptr);
    if (gemm.bias) plan.bias = memory(bias, engine(), nullptr);
    plan.out = memory(description.dst_desc(), engine(), nullptr);
    plan.usable = true;
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
    // Otherwise oneDNN has no such product on this machine, and the plan stays unusable.
  }
  return plan;
}

memory packed_b(const Gemm& gemm, const Plan& plan) { return packed_into(memory(plan.b.get_desc(), engine()), gemm); }

memory briefly_packed_b(const Gemm& gemm, const Plan& plan) {
  const memory::desc layout = plan.b.get_desc();
  constexpr size_t number = sizeof(float);
  return packed_into(
      memory(layout, engine(), scratch_memory(static_cast<int64_t>((layout.get_size() + number - 1) / number))), gemm);
}

memory plain_b(const Gemm& gemm, const Plan& plan) {
  memory b = plan.b;
  b.set_data_handle(const_cast<void*>(gemm.b.data));
  return b;
}

void execute(Plan& plan, const Gemm& gemm, const memory& b) {
  const TeamSize team;
  plan.a.set_data_handle(const_cast<void*>(gemm.a.data));
  plan.out.set_data_handle(gemm.out);
  std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, plan.a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, plan.out}};
  if (gemm.bias) {
    plan.bias.set_data_handle(const_cast<float*>(gemm.bias));
    arguments.emplace(DNNL_ARG_BIAS, plan.bias);
  }
  float factor = gemm.scale;
  if (factor != 1) add_factor(arguments, engine(), factor);
  plan.primitive.execute(stream(), arguments);
  stream().wait();
}

}  // namespace thaw::cpu
