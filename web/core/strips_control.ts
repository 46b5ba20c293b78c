/** The control of what stands beside each panel, which every page of pictures has. */

import { type Control, optionOf } from "./control_bar.ts";
import * as texts from "./texts.ts";

export const STRIPS: Control = {
  name: "beside",
  label: texts.controls.beside,
  isLook: true,
  options: [
    { value: "none", label: texts.controls.besideNothing, arguments: {} },
    { value: "profiles", label: texts.controls.besideProfiles, arguments: { strips: true } },
  ],
};

export const hasStrips = ({ beside = "" }: { readonly beside?: string }): boolean =>
  optionOf(STRIPS, { beside })?.arguments.strips === true;
