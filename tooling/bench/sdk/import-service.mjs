import '@intersect-sdk/service';
