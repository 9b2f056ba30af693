/* SPDX-License-Identifier: ISC */
/* The files in emitters/web as strings; GNUmakefile makes what is included here. */
#include "emitters/page.h"

const char web_report_css[] =
#include "emitters/web/report.css.inc"
        ;

const char web_report_js[] =
#include "emitters/web/report.js.inc"
        ;
