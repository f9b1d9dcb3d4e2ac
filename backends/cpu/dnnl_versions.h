// SPDX-License-Identifier: Apache-2.0
// What differs between oneDNN 2 and 3.
#pragma once

#include <dnnl.hpp>
#include <unordered_map>
#include <vector>

namespace thaw::cpu {

// The plan of a product; `bias` is an empty description where there is none.
inline dnnl::matmul::primitive_desc product_plan(const dnnl::engine& engine, const dnnl::memory::desc& a,
                                                 const dnnl::memory::desc& b, const dnnl::memory::desc& bias,
                                                 const dnnl::memory::desc& out,
                                                 const dnnl::primitive_attr& attributes) {
  const bool biased = bias != dnnl::memory::desc();
#if DNNL_VERSION_MAJOR >= 3
  return biased ? dnnl::matmul::primitive_desc(engine, a, b, bias, out, attributes)
                : dnnl::matmul::primitive_desc(engine, a, b, out, attributes);
#else
  const dnnl::matmul::desc what = biased ? dnnl::matmul::desc(a, b, bias, out) : dnnl::matmul::desc(a, b, out);
  return dnnl::matmul::primitive_desc(what, attributes, engine);
#endif
}

// The blocks of a layout of oneDNN's own.
inline std::vector<int64_t> inner_blocks(const dnnl::memory::desc& layout) {
#if DNNL_VERSION_MAJOR >= 3
  return layout.get_inner_blks();
#else
  const dnnl_blocking_desc_t& blocking = layout.data.format_desc.blocking;
  return {blocking.inner_blks, blocking.inner_blks + blocking.inner_nblks};
#endif
}

// Multiplies the product by a number: a fixed one in oneDNN 2, an argument of each call in oneDNN 3.
inline void set_factor(dnnl::primitive_attr& attributes, float factor) {
#if DNNL_VERSION_MAJOR >= 3
  (void)factor;
  attributes.set_scales_mask(DNNL_ARG_SRC, 0);
#else
  attributes.set_output_scales(0, {factor});
#endif
}
inline void add_factor(std::unordered_map<int, dnnl::memory>& arguments, const dnnl::engine& engine, float& factor) {
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::memory::desc one({1}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x);
  arguments.emplace(DNNL_ARG_ATTR_SCALES | DNNL_ARG_SRC, dnnl::memory(one, engine, &factor));
#else
  (void)arguments, (void)engine, (void)factor;
#endif
}

}  // namespace thaw::cpu
